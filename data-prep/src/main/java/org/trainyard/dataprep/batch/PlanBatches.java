package org.trainyard.dataprep.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;

/** Examples to batches. */
@Card(
    name = "plan-batches",
    version = 2,
    what =
        "Puts examples together into batches within a hard budget, and stores the batches by"
            + " shard.",
    how =
        """
        The budget counts padded units: rows times the longest row. It is what a step of training costs, so \
        set it to what fits into memory, or connect sizes, which profile-batch-sizes finds: then lengths share a \
        batch by its buckets, and each bucket has a limit on rows of its own. Batches go to shards by a seeded \
        permutation; each epoch of training shuffles them anew. The metric padding_share is what of the computed \
        units is padding, naive_padding_share what it would be in random order under the same limits.\
        """,
    avoid =
        "Plan held-out examples with their own step; more shards than batches leaves shards empty.",
    papers =
        "Training and Inference Efficiency of Encoder-Decoder Speech Models (arXiv 2503.05931)")
public final class PlanBatches implements JobTechnique<PlanBatches.Settings> {
  /** Name of the input. */
  static final String TOKENS = "tokens";

  /** Name of the input that may be left out: rows that fit into memory, by length. */
  static final String SIZES = "sizes";

  /** Name of the table made. */
  static final String BATCHES = "batches";

  /** Name of the artifact made. */
  static final String FACTS = "facts";

  /** What happens to an example that no batch can hold. */
  public enum OverLength {
    /** It goes to the reject table. */
    REJECT,
    /** Its end is cut off; its bytes are taken in proportion. */
    TRUNCATE,
    /** It is cut into pieces that fit, examples of their own; their bytes add up to its own. */
    SPLIT
  }

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "What a batch holds: how examples become tensors.",
              standard = "language-model",
              technique = BatchKindTechnique.class)
          Choice<BatchKind> kind,
      @Setting(
              help = "How examples are put together.",
              standard = "buckets",
              technique = BatchPlannerTechnique.class)
          Choice<BatchPlanner> planner,
      @Setting(help = "Padded units that a batch holds at most.", standard = "16384", min = 1)
          long budget,
      @Setting(
              help =
                  "Rows that a batch holds at most, each an example unless packed; 0 for no limit.",
              standard = "0",
              min = 0)
          int maxExamples,
      @Setting(
              help = "Lengths are padded to a multiple of this.",
              standard = "1",
              min = 1,
              max = 4096)
          int roundTo,
      @Setting(
              help = "Shards: what training hands to its workers; the same for every cluster.",
              standard = "4",
              min = 1,
              max = 100_000)
          int shards,
      @Setting(
              help = "An example that no batch can hold: reject, truncate or split.",
              standard = "reject")
          OverLength overLength,
      @Setting(help = "Column of the length, in units.", standard = "length") String first,
      @Setting(
              help = "Column of a second length that is padded too, in units; empty for none.",
              standard = "")
          String second,
      @Setting(
              help =
                  "Column of how much each example counts in training, a float of at least 0; empty:"
                      + " all alike.",
              standard = "")
          String weight,
      @Setting(
              help = "Bytes of tensors kept together in a file; a worker holds so much at least.",
              standard = "16777216",
              min = 1)
          long blockBytes,
      @Setting(
              help = "Examples of one bucket that a task plans at once, about.",
              standard = "1000000",
              min = 1)
          int pieceExamples,
      @Setting(help = "Decides the order of examples and batches.") long seed) {

    BatchLimits limits() {
      return new BatchLimits(budget, maxExamples, roundTo);
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    Check.require(
        settings.roundTo() <= settings.budget(),
        "round-to",
        "must be at most the budget (%d), but is %d",
        settings.budget(),
        settings.roundTo());
    Check.require(
        !settings.first().equals(settings.second()),
        "second",
        "must be another column than first ('%s'), or empty",
        settings.first());
    Check.require(
        settings.overLength() != OverLength.SPLIT || settings.second().isEmpty(),
        "over-length",
        "cannot be split with a second length ('%s'): where to cut that is not known; take"
            + " truncate",
        settings.second());
    BatchKind kind = settings.kind().create();
    BatchPlanner planner = settings.planner().create();
    if (planner.packs()) {
      Check.require(
          kind.packs(),
          "planner",
          "'%s' puts several examples into a row, which the kind '%s' cannot hold; take buckets",
          settings.planner().name(),
          settings.kind().name());
      Check.require(
          settings.second().isEmpty(),
          "planner",
          "'%s' packs one length, but second is '%s'; take buckets-2d",
          settings.planner().name(),
          settings.second());
    }
    return new Planner(settings, kind, planner);
  }

  private record Planner(Settings settings, BatchKind kind, BatchPlanner planner) implements Job {

    @Override
    public List<Port> inputs() {
      StructType needs =
          new StructType()
              .add(TokenTable.EXAMPLE_ID, DataTypes.LongType)
              .add(TokenTable.ID, DataTypes.StringType)
              .add(settings.first(), DataTypes.IntegerType);
      if (!settings.second().isEmpty()) {
        needs = needs.add(settings.second(), DataTypes.IntegerType);
      }
      if (!settings.weight().isEmpty()) {
        needs = needs.add(settings.weight(), DataTypes.FloatType);
      }
      List<String> named = new ArrayList<>(Arrays.asList(needs.fieldNames()));
      for (StructField field : kind.reads().fields()) {
        needs = named.contains(field.name()) ? needs : needs.add(field);
      }
      return List.of(Port.table(TOKENS, needs), Port.artifact(SIZES).orNothing());
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.table(BATCHES, BatchTable.SCHEMA), Port.artifact(FACTS));
    }

    @Override
    public void run(JobContext context) {
      new BatchPlanning(settings, kind, planner, context).run();
    }
  }
}
