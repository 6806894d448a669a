package org.trainyard.dataprep.batch;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;
import org.trainyard.dataprep.batch.kernel.BatchLimits;
import org.trainyard.dataprep.batch.kernel.BatchSizes;
import org.trainyard.dataprep.batch.kernel.Buckets;
import org.trainyard.dataprep.batch.kernel.NaiveBatches;
import org.trainyard.dataprep.batch.kernel.Sizes;
import org.trainyard.dataprep.tokenize.Labels;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.BatchTable;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.record.Table;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.Rejects;

/**
 * One run of {@link PlanBatches}. Examples without content are planned bucket by bucket; batches
 * are numbered by bucket, sent to shards by a permutation of the numbers, and only then joined with
 * their content. The driver holds a histogram of lengths and the number of batches of each bucket,
 * never a list of examples.
 */
final class BatchPlanning {
  /** Batches of one block at most, however small they are. */
  private static final int MOST_IN_BLOCK = 4096;

  /** Partitions that rejected examples are spread over. */
  private static final int REJECT_SLOTS = 64;

  /** Examples that a task sorts by slot, about: 100 bytes each in memory. */
  private static final int EXAMPLES_OF_TASK = 1 << 19;

  /** Tasks of planning at most. */
  private static final int MOST_TASKS = 20_000;

  private final PlanBatches.Settings settings;
  private final BatchKind kind;
  private final BatchPlanner planner;
  private final JobContext context;
  private final BatchLimits limits;
  private final BatchSizes rowLimits;
  private final Table table;
  private final Dataset<Row> tokens;

  BatchPlanning(
      PlanBatches.Settings settings, BatchKind kind, BatchPlanner planner, JobContext context) {
    this.settings = settings;
    this.kind = kind;
    this.planner = planner;
    this.context = context;
    this.rowLimits = rowLimits();
    this.limits = settings.limits().atMostUnits(rowLimits.mostUnits());
    this.table = context.table(PlanBatches.TOKENS);
    this.tokens = table.read(context.spark());
  }

  /**
   * What the batches are made of, as it is stored beside them.
   *
   * @param kind name of the kind
   * @param vocabulary number of ids; 0 if there are no tokens
   * @param tokenizer digest of the tokenizer; empty if there are no tokens
   * @param labels names of the classes, by number
   */
  private record Facts(
      String kind, int vocabulary, int begin, int pad, String tokenizer, List<String> labels) {}

  void run() {
    Facts facts = facts();
    BatchLimits ofRow = limits.atMostUnits(rowLimits.longest());
    Dataset<Row> described =
        Described.of(
            tokens,
            settings.first(),
            settings.second(),
            ofRow,
            planner.longest(ofRow),
            settings.overLength());
    Sizes sizes = SizeSurvey.of(described, !settings.second().isEmpty(), ofRow, settings.seed());
    Slots slots = new Slots(buckets(sizes), sizes, settings.pieceExamples());
    Dataset<Row> planned =
        planned(described, slots, sizes.examples()).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Counted counted = counted(planned);
      context.write(
          PlanBatches.BATCHES,
          BatchTable.describe(
              counted.rejected()
                  ? Rejects.tracked(batches(planned, counted, facts)).unionByName(rejects(planned))
                  : batches(planned, counted, facts),
              facts.tokenizer()),
          List.of(BatchTable.SHARD, BatchTable.BLOCK));
      write(tell(sizes, facts, counted.buckets()));
    } finally {
      planned.unpersist();
    }
    write(facts);
  }

  private BatchSizes rowLimits() {
    if (!context.has(PlanBatches.SIZES)) {
      return BatchSizes.ANY;
    }
    Check.require(
        settings.second().isEmpty(), "second", "must be empty: the input sizes knows one length");
    Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
    ProfiledSizes profiled = ProfiledSizes.read(storage, context.artifact(PlanBatches.SIZES));
    Check.require(
        profiled.roundTo() % settings.roundTo() == 0,
        "round-to",
        "must be what profile-batch-sizes was given (%d), or divide it, but is %d",
        profiled.roundTo(),
        settings.roundTo());
    return profiled.sizes();
  }

  private Buckets buckets(Sizes sizes) {
    return rowLimits.given() ? rowLimits.buckets() : planner.buckets(sizes, limits);
  }

  private Facts facts() {
    List<String> reads = Arrays.asList(kind.reads().fieldNames());
    String name = context.step() + "." + PlanBatches.TOKENS;
    TokenTable.Facts meaning =
        reads.contains(TokenTable.TOKENS)
            ? TokenTable.facts(table.schema(), name)
            : new TokenTable.Facts(0, 0, 0, "");
    return new Facts(
        settings.kind().name(),
        meaning.vocabulary(),
        meaning.begin(),
        meaning.pad(),
        meaning.tokenizer(),
        reads.contains(TokenTable.LABEL) ? TokenTable.labels(table.schema(), name) : List.of());
  }

  private Dataset<Row> planned(Dataset<Row> described, Slots slots, long examples) {
    BatchPlanner own = planner;
    BatchLimits bounds = limits;
    BatchSizes rows = rowLimits;
    Column hash = xxhash64(col(TokenTable.GROUP_ID), lit(settings.seed()));
    Column piece = xxhash64(lit(settings.seed()), col(TokenTable.GROUP_ID), lit("piece"));
    Column slot =
        when(
                Rejects.alive(),
                udf(slots, DataTypes.LongType)
                    .apply(col(Described.GROUP_FIRST), col(Described.GROUP_SECOND), piece))
            .otherwise(lit(Slots.NONE));
    Column outlier = Rejects.alive().and(col(Planning.SLOT).equalTo(Slots.NONE));
    Dataset<Row> routed =
        Rejects.mark(
                described.withColumn(Planning.ORDER, hash).withColumn(Planning.SLOT, slot),
                when(outlier, "outlier"),
                concat(col(Described.FIRST), lit(" units against "), col(Described.SECOND)))
            .withColumn(
                Planning.SLOT,
                when(Rejects.alive(), col(Planning.SLOT))
                    .otherwise(lit(-1L).minus(pmod(col(Planning.ORDER), lit(REJECT_SLOTS)))));
    MapPartitionsFunction<Row, Row> plan = part -> new Planning(part, own, bounds, rows);
    return bySlot(routed, examples)
        .sortWithinPartitions(
            Planning.SLOT, Planning.ORDER, TokenTable.GROUP_ID, TokenTable.EXAMPLE_ID)
        .select(Arrays.stream(Planning.READS).map(c -> col(c)).toArray(Column[]::new))
        .mapPartitions(plan, Encoders.row(Planning.SCHEMA));
  }

  /**
   * Spark's number of shuffle partitions is for tables of its usual size: a large one gets more.
   */
  private Dataset<Row> bySlot(Dataset<Row> routed, long examples) {
    long usual = Long.parseLong(context.spark().conf().get("spark.sql.shuffle.partitions"));
    long wanted = Math.min(examples / EXAMPLES_OF_TASK, MOST_TASKS);
    return wanted > usual
        ? routed.repartition((int) wanted, col(Planning.SLOT))
        : routed.repartition(col(Planning.SLOT));
  }

  /**
   * What was planned.
   *
   * @param starts number of the first batch of each slot
   * @param batches number of all batches
   * @param rejected whether any example is in no batch
   * @param buckets what each bucket came to
   */
  private record Counted(
      TreeMap<Long, Long> starts,
      long batches,
      boolean rejected,
      TreeMap<Long, PlanFile.Bucket> buckets) {}

  private Counted counted(Dataset<Row> planned) {
    TreeMap<Long, Long> starts = new TreeMap<>();
    TreeMap<Long, PlanFile.Bucket> buckets = new TreeMap<>();
    Map<String, Long> rejected = new TreeMap<>();
    Column real = col(Described.FIRST).plus(col(Described.SECOND)).cast(DataTypes.LongType);
    Column frame = col(Planning.PADDED_FIRST).plus(col(Planning.PADDED_SECOND));
    Column padded =
        when(
                col(Planning.ROW).equalTo(0).and(col(Planning.OFFSET).equalTo(0)),
                col(Planning.ROWS).cast(DataTypes.LongType).multiply(frame))
            .otherwise(lit(0L));
    long batches = 0;
    long examples = 0;
    long over = 0;
    int longest = 0;
    for (Row row :
        planned
            .groupBy(Planning.SLOT, Rejects.REASON)
            .agg(
                count(lit(1)),
                sum(col(Described.OVER).cast(DataTypes.LongType)),
                max(Planning.PADDED_FIRST),
                max(Planning.BATCH_OF_SLOT),
                min(Described.FIRST),
                max(Described.FIRST),
                sum(real),
                sum(padded))
            .orderBy(Planning.SLOT)
            .collectAsList()) {
      over += row.getLong(3);
      if (row.isNullAt(1)) {
        starts.put(row.getLong(0), batches);
        PlanFile.Bucket part =
            new PlanFile.Bucket(
                row.getInt(6),
                row.getInt(7),
                row.getLong(2),
                row.getInt(5) + 1L,
                row.getLong(8),
                row.getLong(9));
        buckets.merge(Slots.bucket(row.getLong(0)), part, PlanFile.Bucket::plus);
        batches += part.batches();
        examples += part.examples();
        longest = Math.max(longest, row.getInt(4));
      } else {
        rejected.merge(row.getString(1), row.getLong(2), Long::sum);
      }
    }
    if (examples == 0) {
      throw new DataException(
          "%s: no example is left to batch%s. Raise the budget or mend the examples."
              .formatted(context.step(), rejected.isEmpty() ? "" : "; rejected: " + rejected));
    }
    context.metric("examples", examples);
    context.metric("longest", longest);
    context.metric("over_length", over);
    context.metric("buckets", buckets.size());
    return new Counted(starts, batches, !rejected.isEmpty(), buckets);
  }

  private Dataset<Row> batches(Dataset<Row> planned, Counted counted, Facts facts) {
    long all = counted.batches();
    TreeMap<Long, Long> starts = counted.starts();
    int inBlock = batchesInBlock();
    long inShard = (all + settings.shards() - 1) / settings.shards();
    long blocks = settings.shards() * ((inShard + inBlock - 1) / inBlock);
    Permutation permutation = new Permutation(all, settings.seed());
    UDF2<Long, Integer, Long> number = (slot, batch) -> starts.get(slot) + batch;
    UDF2<Long, Integer, Long> place = (slot, batch) -> permutation.at(starts.get(slot) + batch);
    Column[] key = {col(Planning.SLOT), col(Planning.BATCH_OF_SLOT)};
    Dataset<Row> placed =
        planned
            .where(Rejects.alive())
            .withColumn(BatchTable.BATCH, udf(number, DataTypes.LongType).apply(key))
            .withColumn("place", udf(place, DataTypes.LongType).apply(key))
            .withColumn(
                BatchTable.SHARD,
                pmod(col("place"), lit(settings.shards())).cast(DataTypes.IntegerType))
            .withColumn(BatchTable.POSITION, quotient("place", settings.shards()))
            .withColumn(
                BatchTable.BLOCK,
                quotient(BatchTable.POSITION, inBlock).cast(DataTypes.IntegerType));
    BatchKind own = kind;
    TokenTable.Facts meaning =
        new TokenTable.Facts(facts.vocabulary(), facts.begin(), facts.pad(), facts.tokenizer());
    boolean packed = planner.packs();
    String weight = settings.weight();
    MapPartitionsFunction<Row, Row> assemble =
        rows -> new Assembly(rows, own, meaning, packed, weight);
    return withContent(placed)
        .repartition(
            (int) Math.min(blocks, Integer.MAX_VALUE), col(BatchTable.SHARD), col(BatchTable.BLOCK))
        .sortWithinPartitions(
            BatchTable.SHARD, BatchTable.BLOCK, BatchTable.POSITION, Planning.ROW, Planning.OFFSET)
        .mapPartitions(assemble, Encoders.row(BatchTable.SCHEMA));
  }

  private static Column quotient(String column, long divisor) {
    return org.apache.spark.sql.functions.expr("%s div %d".formatted(column, divisor));
  }

  private int batchesInBlock() {
    double bytes = (double) limits.budget() * kind.bytesPerUnit(planner.packs());
    return (int) Math.max(1, Math.min(MOST_IN_BLOCK, settings.blockBytes() / bytes));
  }

  private Dataset<Row> withContent(Dataset<Row> placed) {
    List<Column> content =
        new ArrayList<>(List.of(col(TokenTable.EXAMPLE_ID).as(Described.SOURCE)));
    for (StructField field : kind.reads().fields()) {
      content.add(col(field.name()));
    }
    if (!settings.weight().isEmpty()) {
      content.add(col(settings.weight()).as(Assembly.WEIGHT));
    }
    return content.size() == 1
        ? placed
        : placed.join(tokens.select(content.toArray(Column[]::new)), Described.SOURCE);
  }

  /** The examples that are in no batch, each as a row of its own for the reject table. */
  private Dataset<Row> rejects(Dataset<Row> planned) {
    Dataset<Row> rejected =
        planned
            .where(Rejects.alive().equalTo(false))
            .join(
                tokens.select(col(TokenTable.EXAMPLE_ID).as(Described.SOURCE), col(TokenTable.ID)),
                Described.SOURCE);
    List<Column> columns = new ArrayList<>();
    for (StructField field : BatchTable.SCHEMA.fields()) {
      Column value =
          switch (field.name()) {
            case BatchTable.SHARD, BatchTable.BLOCK -> lit(0);
            case BatchTable.EXAMPLES -> lit(1);
            case BatchTable.EXAMPLE_IDS -> array(col(Described.SOURCE));
            default -> lit(null);
          };
      columns.add(value.cast(field.dataType()).as(field.name()));
    }
    columns.add(col(Rejects.REASON));
    columns.add(concat(col(TokenTable.ID), lit(": "), col(Rejects.DETAIL)).as(Rejects.DETAIL));
    return rejected.select(columns.toArray(Column[]::new));
  }

  private PlanFile tell(Sizes sizes, Facts facts, TreeMap<Long, PlanFile.Bucket> buckets) {
    Row sums =
        context
            .written(PlanBatches.BATCHES)
            .agg(
                count(lit(1)),
                sum(BatchTable.REAL_UNITS),
                sum(BatchTable.PADDED_UNITS),
                sum(BatchTable.BYTES),
                max(BatchTable.PADDED_UNITS),
                max(BatchTable.EXAMPLES),
                sum(BatchTable.EXAMPLES))
            .head();
    long real = sums.getLong(1);
    long padded = sums.getLong(2);
    NaiveBatches.Cost naive = NaiveBatches.cost(sizes, limits, settings.seed());
    context.metric("batches", sums.getLong(0));
    context.metric("real_units", real);
    context.metric("padded_units", padded);
    context.metric("padding_share", 1 - real / (double) padded);
    context.metric("budget_share", real / ((double) sums.getLong(0) * limits.budget()));
    context.metric(BatchTable.PACKED_METRIC, planner.packs() ? 1 : 0);
    context.metric("bytes", sums.getLong(3));
    context.metric("largest_batch_units", sums.getLong(4));
    context.metric("largest_batch_examples", sums.getInt(5));
    context.metric("examples_per_batch", sums.getLong(6) / (double) sums.getLong(0));
    context.metric("naive_padding_share", naive.paddingShare());
    context.metric("naive_batches", Math.rint(naive.batches()));
    context.metric("vocabulary", facts.vocabulary());
    context.metric("classes", facts.labels().size());
    context.metric(BatchTable.SHARDS_METRIC, settings.shards());
    context.metric("batches_in_block", batchesInBlock());
    context.event(
        "planned",
        Map.of(
            "padding",
            String.format(Locale.ROOT, "%.2f %%", 100 - 100.0 * real / padded),
            "naive_padding",
            String.format(Locale.ROOT, "%.2f %%", 100 * naive.paddingShare())));
    return new PlanFile(
        limits.budget(), List.copyOf(buckets.values()), batchSizes(), naive.paddedUnits());
  }

  /** Batches by their number of examples, in steps of powers of two: at most 31 rows. */
  private List<PlanFile.BatchSize> batchSizes() {
    Column power = floor(log2(col(BatchTable.EXAMPLES))).cast(DataTypes.IntegerType);
    return context
        .written(PlanBatches.BATCHES)
        .groupBy(power.as("power"))
        .agg(count(lit(1)), min(BatchTable.EXAMPLES), max(BatchTable.EXAMPLES))
        .orderBy("power")
        .collectAsList()
        .stream()
        .map(row -> new PlanFile.BatchSize(row.getInt(2), row.getInt(3), row.getLong(1)))
        .toList();
  }

  private void write(PlanFile plan) {
    Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
    org.apache.hadoop.fs.Path folder = context.folder(PlanBatches.FACTS);
    storage.write(new org.apache.hadoop.fs.Path(folder, PlanFile.NAME), Json.pretty(plan));
  }

  private void write(Facts facts) {
    Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
    org.apache.hadoop.fs.Path folder = context.folder(PlanBatches.FACTS);
    storage.write(new org.apache.hadoop.fs.Path(folder, "facts.json"), Json.pretty(facts));
    if (!facts.labels().isEmpty()) {
      Labels.write(facts.labels(), folder, storage);
    }
  }
}
