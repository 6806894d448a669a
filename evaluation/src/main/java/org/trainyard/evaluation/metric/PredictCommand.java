package org.trainyard.evaluation.metric;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.cli.Command;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.StoredRun;
import org.trainyard.training.checkpoint.TrainedModel;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard predict}: applies the model of a run to a batch table. */
@CommandLine.Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Applies a trained model to a batch table; writes Parquet, a row an example.",
    footer = {
      "",
      "Columns: example_id, units, bytes, nats (loss), hits; for classifiers label, predicted and",
      "their names too.",
      "",
      "Examples:",
      "  trainyard predict runs/language-id --step plan-held-out --to predictions",
      "  trainyard predict runs/quickstart --from runs/other --step plan --to losses"
    })
public final class PredictCommand implements Command {
  private static final String LABELS = "labels.json";

  @Parameters(
      paramLabel = "RUN",
      description = "Run that trained the model: its folder, or the output folder for the latest.")
  private String run;

  @Option(
      names = "--from",
      paramLabel = "RUN",
      description =
          "Run whose batches are taken; the same run if not given. It must have used the"
              + " same tokenizer.")
  private String from;

  @Option(names = "--step", required = true, description = "Step that made the batch table.")
  private String step;

  @Option(names = "--to", required = true, description = "Folder to write; must not exist yet.")
  private String to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Storage storage = PipelineOptions.storage();
    StoredRun trainedBy = StoredRun.open(storage, run);
    StoredRun batchesOf = from == null ? trainedBy : StoredRun.open(storage, from);
    Path output = storage.qualified(to);
    Check.require(!storage.exists(output), "--to", "%s exists already; name a new folder", output);
    Table batches = batchTable(batchesOf);
    TrainedModel model = model(trainedBy, storage);
    try (SparkSession spark = Sessions.open("predict", Map.of())) {
      long rows = predict(spark, model, batches, labels(trainedBy, storage), output);
      spec.commandLine().getOut().println("%,d examples in %s".formatted(rows, output));
      spec.commandLine().getOut().flush();
      return Failure.OK;
    }
  }

  /** Scores and writes; returns the rows that lie there. */
  static long predict(
      SparkSession spark, TrainedModel model, Table batches, List<String> names, Path output) {
    model.facts().requireOf(batches);
    Broadcast<ScoringModel> broadcast =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(ScoringModel.of(model));
    try {
      Dataset<Row> scores = Scoring.score(batches.read(spark), BatchTable::batch, broadcast);
      if (!names.isEmpty()) {
        scores =
            scores
                .withColumn("label_name", name(names, Scoring.LABEL))
                .withColumn("predicted_name", name(names, Scoring.PREDICTED));
      }
      scores.write().parquet(output.toString());
    } finally {
      broadcast.destroy();
    }
    return spark.read().parquet(output.toString()).count();
  }

  private static Column name(List<String> names, String label) {
    return element_at(lit(names.toArray(String[]::new)), col(label).plus(1));
  }

  private Table batchTable(StoredRun of) {
    return of.tables(step).stream()
        .filter(table -> List.of(table.schema().fieldNames()).contains(BatchTable.TENSORS))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "%s: step '%s' made no batch table. Name a plan-batches step"
                        .formatted(of.folder(), step)));
  }

  private static Stream<Artifact> artifacts(StoredRun of) {
    return of.run().units().stream().flatMap(unit -> of.artifacts(unit).stream());
  }

  private static TrainedModel model(StoredRun of, Storage storage) {
    List<Path> folders =
        artifacts(of)
            .map(Artifact::folder)
            .filter(folder -> storage.exists(new Path(folder, TrainedModel.DESCRIPTION)))
            .toList();
    if (folders.isEmpty()) {
      throw new DataException(
          "%s: trained no model. Name a run with a train step".formatted(of.folder()));
    }
    return TrainedModel.read(storage, folders.get(folders.size() - 1));
  }

  /** Names of the classes, if a step of the run numbered them. */
  private static List<String> labels(StoredRun of, Storage storage) {
    return artifacts(of)
        .map(artifact -> storage.read(artifact.file(LABELS)))
        .flatMap(Optional::stream)
        .findFirst()
        .map(text -> List.of(Json.read(text, String[].class)))
        .orElse(List.of());
  }
}
