package org.trainyard.evaluation.metric;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.trainyard.evaluation.metric.Evaluation.ClassScore;
import org.trainyard.evaluation.metric.kernel.Confusion;
import org.trainyard.evaluation.metric.kernel.Information;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.checkpoint.TrainedModel;
import org.trainyard.training.engine.Engines;

/** Scores a model on held-out batches, beside what counting alone would predict. */
@Card(
    name = "evaluate",
    version = 2,
    what = "Scores a trained model on held-out batches and sets it beside count baselines.",
    how =
        "Needs the model, the held-out batches and, for the baselines, the training batches; the"
            + " labels of an encode step name the classes. Language models get bits per byte beside"
            + " uniform, unigram and bigram (Witten-Bell mixed with unigram); classifiers get"
            + " accuracy and F1 beside the most frequent class, and where groups are ranked by class"
            + " 1 of two, mean reciprocal rank and precision at 1; regressions get the mean squared"
            + " error. The output `scores` holds the loss of every example.",
    avoid =
        "Bits per byte compare only on the same held-out text; accuracy says little where one class"
            + " is most of the data: look at macro_f1.")
public final class Evaluate implements JobTechnique<Evaluate.Settings> {
  private static final String MODEL = "model";
  private static final String HELD_OUT = "held-out";
  private static final String TRAINING = "training";
  private static final String LABELS = "labels";
  private static final String LABELS_FILE = "labels.json";
  private static final String EVALUATION = "evaluation";
  private static final String SCORES = "scores";

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new EvaluateJob();
  }

  private static final class EvaluateJob implements Job {

    @Override
    public List<Port> inputs() {
      return List.of(
          Port.artifact(MODEL),
          Port.table(HELD_OUT, BatchTable.SCHEMA),
          Port.table(TRAINING, BatchTable.SCHEMA).orNothing(),
          Port.artifact(LABELS).orNothing());
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.artifact(EVALUATION), Port.table(SCORES, Scoring.SCHEMA));
    }

    @Override
    public void run(JobContext context) {
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      Artifact artifact = context.artifact(MODEL);
      TrainedModel trained = TrainedModel.read(storage, artifact.folder());
      trained.facts().requireOf(context.table(HELD_OUT));
      if (context.has(TRAINING)) {
        trained.facts().requireOf(context.table(TRAINING));
      }
      if (BatchTable.packed(context.table(HELD_OUT))) {
        Engines.checkPacked(trained.engine().create(), trained.spec());
      }
      Dataset<Row> heldOut = context.table(HELD_OUT).read(context.spark());
      Broadcast<ScoringModel> model =
          JavaSparkContext.fromSparkContext(context.spark().sparkContext())
              .broadcast(ScoringModel.of(trained));
      try {
        context.write(SCORES, Scoring.score(heldOut, BatchTable::batch, model));
        Dataset<Row> scores = context.written(SCORES);
        List<String> notes = new ArrayList<>();
        Sums sums = Sums.of(scores);
        if (sums.examples() == 0) {
          throw new DataException(
              "%s: the held-out table has no example. Hold out a larger share"
                  .formatted(context.step()));
        }
        List<ClassScore> classes = List.of();
        context.metric("examples", sums.examples());
        if (trained.facts().values() > 0) {
          context.metric("mean_squared_error", sums.nats() / sums.units());
          notes.add("no count baselines: values are predicted");
          write(context, storage, new Evaluation(artifact.record().key(), classes, notes));
          return;
        }
        context.metric("loss_nats", sums.nats() / sums.units());
        context.metric("accuracy", (double) sums.hits() / sums.units());
        if (trained.facts().classes() > 0) {
          Confusion confusion = confusion(scores);
          context.metric("macro_f1", confusion.macroF1());
          classes = classScores(confusion, names(context, storage));
          if (trained.facts().classes() == 2) {
            Ranking.of(scores)
                .ifPresent(
                    ranking -> {
                      context.metric("mean_reciprocal_rank", ranking.meanReciprocalRank());
                      context.metric("precision_at_1", ranking.precisionAtOne());
                    });
          }
        } else {
          context.metric("tokens", sums.units());
          if (sums.bytes() > 0) {
            context.metric("bits_per_byte", Information.bitsPerByte(sums.nats(), sums.bytes()));
          } else {
            notes.add("no bits per byte: the batches do not say how many bytes they stand for");
          }
        }
        baselines(context, trained.facts(), sums, notes);
        write(context, storage, new Evaluation(artifact.record().key(), classes, notes));
      } finally {
        model.destroy();
      }
    }

    private static void write(JobContext context, Storage storage, Evaluation evaluation) {
      storage.write(new Path(context.folder(EVALUATION), Evaluation.FILE), Json.pretty(evaluation));
    }

    private static void baselines(
        JobContext context, DataFacts facts, Sums sums, List<String> notes) {
      boolean tokens = facts.classes() == 0;
      int vocabulary = tokens ? facts.vocabulary() : facts.classes();
      double uniform = sums.units() * Math.log(vocabulary);
      if (tokens && sums.bytes() > 0) {
        context.metric("uniform_bits_per_byte", Information.bitsPerByte(uniform, sums.bytes()));
      }
      if (!context.has(TRAINING)) {
        notes.add("no count baselines: the input 'training' is not connected");
        return;
      }
      Baselines baselines = counted(context, vocabulary);
      if (baselines.units() != sums.units()) {
        throw new IllegalStateException(
            "The baselines saw %d units, the model %d".formatted(baselines.units(), sums.units()));
      }
      context.metric("majority_accuracy", (double) baselines.majorityHits() / baselines.units());
      if (tokens && sums.bytes() > 0) {
        double unigram = Information.bitsPerByte(baselines.unigramNats(), sums.bytes());
        context.metric("unigram_bits_per_byte", unigram);
        context.metric(
            "bigram_bits_per_byte", Information.bitsPerByte(baselines.bigramNats(), sums.bytes()));
        context.metric("gain_over_unigram", 1 - sums.nats() / baselines.unigramNats());
      }
    }

    private static Baselines counted(JobContext context, int vocabulary) {
      Dataset<Row> training =
          UnitPairs.count(context.table(TRAINING).read(context.spark()), BatchTable::batch)
              .persist(StorageLevel.MEMORY_AND_DISK());
      try {
        Dataset<Row> heldOut =
            UnitPairs.count(context.table(HELD_OUT).read(context.spark()), BatchTable::batch);
        return Baselines.of(training, heldOut, vocabulary);
      } finally {
        training.unpersist();
      }
    }

    /** Pairs of classes are bounded by their number squared, and by the examples. */
    private static Confusion confusion(Dataset<Row> scores) {
      SortedMap<Confusion.Pair, Long> counts = new TreeMap<>();
      scores
          .groupBy(col(Scoring.LABEL), col(Scoring.PREDICTED))
          .agg(count(lit(1)).as("examples"))
          .collectAsList()
          .forEach(
              row -> counts.put(new Confusion.Pair(row.getInt(0), row.getInt(1)), row.getLong(2)));
      return new Confusion(counts);
    }

    private static List<String> names(JobContext context, Storage storage) {
      if (!context.has(LABELS)) {
        return List.of();
      }
      Path file = context.artifact(LABELS).file(LABELS_FILE);
      return storage
          .read(file)
          .map(text -> List.of(Json.read(text, String[].class)))
          .orElseThrow(
              () ->
                  new DataException(
                      "%s: does not exist. Connect the labels of an encode step".formatted(file)));
    }

    private static List<ClassScore> classScores(Confusion confusion, List<String> names) {
      return confusion.classes().stream()
          .map(
              one ->
                  new ClassScore(
                      one.label(),
                      one.label() < names.size()
                          ? names.get(one.label())
                          : Integer.toString(one.label()),
                      one.actual(),
                      one.predicted(),
                      one.precision(),
                      one.recall(),
                      one.f1()))
          .toList();
    }
  }

  /**
   * Sums over all examples.
   *
   * @param examples scored
   * @param units real units in them
   * @param bytes raw bytes that they stand for
   * @param hits units whose most likely value is the target
   * @param nats loss
   */
  private record Sums(long examples, long units, long bytes, long hits, double nats) {

    static Sums of(Dataset<Row> scores) {
      Row row =
          scores
              .agg(
                  count(lit(1)),
                  sum(Scoring.UNITS),
                  sum(Scoring.BYTES),
                  sum(Scoring.HITS),
                  sum(col(Scoring.NATS).cast(Baselines.EXACT)))
              .first();
      return row.getLong(0) == 0
          ? new Sums(0, 0, 0, 0, 0)
          : new Sums(
              row.getLong(0),
              row.getLong(1),
              row.getLong(2),
              row.getLong(3),
              Optional.ofNullable(row.getDecimal(4)).map(BigDecimal::doubleValue).orElse(0.0));
    }
  }
}
