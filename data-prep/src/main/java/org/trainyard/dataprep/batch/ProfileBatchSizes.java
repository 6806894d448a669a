package org.trainyard.dataprep.batch;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.BatchSizeSearch;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.run.Keys;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;

/** Finds the largest batch of each bucket of lengths that a step of training has memory for. */
@Card(
    name = "profile-batch-sizes",
    what = "Finds how many rows a batch of each length may have, by trying steps of training.",
    how =
        """
        Connect what it makes to the input sizes of plan-batches. From the longest bucket down, rows double \
        until a step does not fit and the gap is bisected to 5 %; in the end one replica must hold the steps \
        of all buckets. heap-bytes and off-heap-bytes are what one task of an executor may take. It runs \
        again when data, model, memory or the name of the machine change.""",
    avoid =
        "Where all lengths are alike a budget does; a driver unlike the executors says nothing of them.",
    papers =
        "Training and Inference Efficiency of Encoder-Decoder Speech Models (arXiv 2503.05931)")
public final class ProfileBatchSizes implements JobTechnique<ProfileBatchSizes.Settings> {
  /** Name of the artifact made. */
  static final String SIZES = "sizes";

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "What is asked whether a batch fits: the model to be trained.",
              technique = MemoryProbeTechnique.class)
          Choice<MemoryProbe> probe,
      @Setting(
              help = "What a batch holds: how examples become tensors.",
              standard = "language-model",
              technique = BatchKindTechnique.class)
          Choice<BatchKind> kind,
      @Setting(
              help = "Bytes off the heap that a step may take; the default is 1 GiB.",
              standard = "1073741824",
              min = 1048576)
          long offHeapBytes,
      @Setting(
              help = "Bytes on the heap that a step may take; the default is 1 GiB.",
              standard = "1073741824",
              min = 1048576)
          long heapBytes,
      @Setting(
              help = "Share of the memory that a single step may take.",
              standard = "0.9",
              min = 0.01,
              max = 1)
          double memoryFraction,
      @Setting(
              help = "Buckets of lengths, each with as many units.",
              standard = "10",
              min = 1,
              max = 1000)
          int buckets,
      @Setting(
              help = "Rows tried first, for the longest bucket.",
              standard = "32",
              min = 1,
              max = 1_000_000)
          int start,
      @Setting(
              help = "Share of the rows that do not fit at which the search ends.",
              standard = "0.05",
              min = 0,
              max = 1)
          double gap,
      @Setting(
              help = "Examples that a batch holds at most; 0 for no limit but their number.",
              standard = "0",
              min = 0)
          int maxExamples,
      @Setting(
              help = "Lengths are padded to a multiple of this, as in plan-batches.",
              standard = "1",
              min = 1,
              max = 4096)
          int roundTo,
      @Setting(help = "Column of the length, in units.", standard = "length") String first,
      @Setting(
              help = "Name of the kind of machine; another name means trying again.",
              standard = "")
          String machine) {

    MemoryProbe.Memory limit() {
      return new MemoryProbe.Memory(heapBytes, offHeapBytes);
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Profiler(settings, settings.probe().create(), settings.kind().create());
  }

  private record Profiler(Settings settings, MemoryProbe probe, BatchKind kind) implements Job {

    @Override
    public List<Port> inputs() {
      StructType needs =
          new StructType()
              .add(TokenTable.EXAMPLE_ID, DataTypes.LongType)
              .add(settings.first(), DataTypes.IntegerType);
      return List.of(Port.table(PlanBatches.TOKENS, needs));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.artifact(SIZES));
    }

    @Override
    public void run(JobContext context) {
      Table table = context.table(PlanBatches.TOKENS);
      MemoryProbe.Data data = data(table, context.step());
      Sizes sizes = sizes(table.read(context.spark()), context.step());
      int[] edges = BatchSizes.edges(sizes, settings.buckets());
      Counting counting = new Counting(context, edges.length);
      List<BatchSizeSearch.Found> found =
          found(context.step(), edges, most(edges, sizes), data, counting);
      ProfiledSizes profiled =
          new ProfiledSizes(
              probe.subject(data),
              Keys.sha256(probe.subject(data)),
              machine(),
              settings.limit(),
              settings.memoryFraction(),
              settings.roundTo(),
              found);
      if (profiled.sizes().edges().length == 0) {
        throw new DataException(
            "%s: not even one example of %d units fits into %d bytes of heap and %d off it. Raise heap-bytes and off-heap-bytes, or take a smaller model."
                .formatted(
                    context.step(), edges[0], settings.heapBytes(), settings.offHeapBytes()));
      }
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      profiled.write(storage, context.folder(SIZES));
      tell(context, profiled.sizes(), sizes, counting.probes);
    }

    private List<BatchSizeSearch.Found> found(
        String step, int[] edges, int[] most, MemoryProbe.Data data, Counting counting) {
      MemoryProbe.Memory single = settings.limit().times(settings.memoryFraction());
      List<BatchSizeSearch.Found> each;
      try (MemoryProbe.Trials trials = counting.of(probe.open(data, single))) {
        each = new BatchSizeSearch(settings.start(), settings.gap()).search(edges, most, trials);
      }
      try (MemoryProbe.Trials trials = counting.of(probe.open(data, settings.limit()))) {
        return BatchSizeSearch.together(each, trials)
            .orElseThrow(
                () ->
                    new DataException(
                        "%s: each of %d buckets fits into memory, but no replica can train on all of them. Raise heap-bytes and off-heap-bytes, or take fewer buckets."
                            .formatted(step, edges.length)));
      }
    }

    private MemoryProbe.Data data(Table table, String step) {
      List<String> reads = Arrays.asList(kind.reads().fieldNames());
      String name = step + "." + PlanBatches.TOKENS;
      return MemoryProbe.Data.tokens(
          TokenTable.facts(table.schema(), name).vocabulary(),
          reads.contains(TokenTable.LABEL) ? TokenTable.labels(table.schema(), name).size() : 0);
    }

    /** Every length that any example has, padded. */
    private Sizes sizes(Dataset<Row> tokens, String step) {
      Row row = tokens.agg(max(col(settings.first()))).head();
      if (row.isNullAt(0) || row.getInt(0) < 1) {
        throw new DataException(
            "%s: no example has a length of at least 1. Mend the step before it.".formatted(step));
      }
      BatchLimits all = new BatchLimits(Integer.MAX_VALUE, 0, settings.roundTo());
      BatchLimits longest = new BatchLimits(all.padded(row.getInt(0)), 0, settings.roundTo());
      Dataset<Row> described =
          Described.of(
              tokens,
              settings.first(),
              "",
              longest,
              longest.budget(),
              PlanBatches.OverLength.REJECT);
      Sizes found = SizeSurvey.of(described, false, longest, 0);
      int[] padded = Arrays.stream(found.first()).map(all::padded).toArray();
      // The survey rounds great lengths down; the longest counts in full.
      padded[padded.length - 1] = Math.toIntExact(longest.budget());
      return new Sizes(padded, found.second(), found.counts(), found.examples());
    }

    /** Rows that a batch of each bucket can have at most: no more than there are examples. */
    private int[] most(int[] edges, Sizes sizes) {
      Buckets buckets = new BatchSizes(edges, edges).buckets();
      long[] held = new long[edges.length];
      for (int at = 0; at < sizes.size(); at++) {
        held[buckets.of(sizes.first()[at], 0)] += sizes.counts()[at];
      }
      int most = settings.maxExamples() > 0 ? settings.maxExamples() : Integer.MAX_VALUE;
      return Arrays.stream(held).mapToInt(rows -> (int) Math.min(most, rows)).toArray();
    }

    private String machine() {
      return String.format(
              Locale.ROOT,
              "%s %s %s, %d processors, Java %s",
              settings.machine(),
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              Runtime.getRuntime().availableProcessors(),
              System.getProperty("java.version"))
          .strip();
    }

    private static void tell(JobContext context, BatchSizes found, Sizes sizes, int probes) {
      int last = found.rows().length - 1;
      double mean = found.meanRows(sizes.first(), sizes.counts());
      BatchSizes one = new BatchSizes(new int[] {found.longest()}, new int[] {found.rows()[last]});
      double oneSize = one.meanRows(sizes.first(), sizes.counts());
      context.metric("buckets", found.rows().length);
      context.metric("longest", found.longest());
      context.metric("rows_of_longest", found.rows()[last]);
      context.metric("rows_of_shortest", found.rows()[0]);
      context.metric("mean_rows", mean);
      context.metric("mean_rows_of_one_size", oneSize);
      context.metric("probes", probes);
      context.event(
          "profiled",
          Map.of(
              "mean_rows", String.format(Locale.ROOT, "%.1f", mean),
              "one_size", String.format(Locale.ROOT, "%.1f", oneSize)));
    }
  }

  /** Counts what is tried, and tells how far the search is. */
  private static final class Counting {
    private final JobContext context;
    private final int buckets;
    private int probes;

    Counting(JobContext context, int buckets) {
      this.context = context;
      this.buckets = buckets;
    }

    MemoryProbe.Trials of(MemoryProbe.Trials trials) {
      return new MemoryProbe.Trials() {
        @Override
        public Optional<MemoryProbe.Memory> run(List<MemoryProbe.Shape> shapes) {
          MemoryProbe.Shape last = shapes.get(shapes.size() - 1);
          String note = "%d buckets, %d × %d units".formatted(buckets, last.rows(), last.units());
          context.progress("steps tried", probes, 0, note);
          probes++;
          return trials.run(shapes);
        }

        @Override
        public void close() {
          trials.close();
        }
      };
    }
  }
}
