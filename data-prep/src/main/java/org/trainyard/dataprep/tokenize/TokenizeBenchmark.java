package org.trainyard.dataprep.tokenize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.trainyard.dataprep.tokenize.kernel.BrokenTextException;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.dataprep.tokenize.kernel.TextbookMerges;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.WordList;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.StoredRun;

/**
 * Learns a vocabulary of 32,000 from a gigabyte of text and encodes it, by a pipeline in a JVM of
 * its own with two task slots, so that its peak memory is that of the work; then holds merges and
 * tokens against the textbook. The text is grown from the bundled one; the environment variable
 * {@value #TEXT} names other files or folders instead.
 */
public final class TokenizeBenchmark implements Benchmark {
  private static final String TEXT = "TRAINYARD_BENCH_TEXT";
  private static final String HEAP = "2560m";
  private static final int CORES = 2;
  private static final int VOCABULARY = 32_000;
  private static final int PASSES = 9;
  private static final int[] PARTITIONINGS = {1, 3, 16};
  private static final String REAL =
      "{use: read-documents, paths: [conf/data/udhr, conf/data/speeches, conf/data/moby-dick,"
          + " conf/data/licence-texts]}";

  @Override
  public String name() {
    return "tokenize";
  }

  @Override
  public String summary() {
    return "a vocabulary of 32,000 from 1 GB of text on 2 cores: time, memory, encoding, exactness";
  }

  @Override
  public List<Figure> run() throws Exception {
    Path folder = Files.createTempDirectory("trainyard-bench-");
    try {
      double peak = pipeline(folder);
      Storage storage = PipelineOptions.storage();
      StoredRun run = StoredRun.open(storage, folder.resolve("out").toUri().toString());
      List<Figure> figures = new ArrayList<>(learning(run, peak));
      try (SparkSession spark = Sessions.open("bench tokenize", Map.of())) {
        spark.sparkContext().setLogLevel("ERROR");
        Dataset<Row> real = texts(spark, run, "real", 1);
        figures.addAll(encoding(strings(real), tokenizer(run, storage)));
        figures.add(partitionings(texts(spark, run, "corpus", 50)));
        figures.add(textbook(ByteBpe.words(real, 3_000).list()));
      }
      figures.addAll(exactness(tokenizer(run, storage)));
      return figures;
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  /** Runs it; returns the most memory that was resident, in bytes. */
  private static double pipeline(Path folder) throws IOException, InterruptedException {
    String given = Optional.ofNullable(System.getenv(TEXT)).orElse("");
    Path file =
        Files.writeString(
            folder.resolve("tokenize.yaml"),
            """
            name: tokenize
            output: %s
            seed: 7
            steps:
              real: %s
              corpus: %s
              tokenizer: {use: learn-tokenizer, from: corpus, tokenizer: {byte-bpe: {vocabulary: %d}}}
              tokens: {use: encode, from: {documents: corpus, tokenizer: tokenizer}}
            """
                .formatted(
                    folder.resolve("out").toUri(),
                    REAL,
                    given.isEmpty()
                        ? "{use: grow-text, from: real}"
                        : "{use: read-documents, paths: '%s'}".formatted(given),
                    VOCABULARY));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.matches("-Xmx.*|-XX:MaxRAMPercentage.*|-Dspark\\..*"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx" + HEAP,
            "-XX:ActiveProcessorCount=" + CORES,
            "-Dspark.master=local[" + CORES + "]",
            "-cp",
            System.getProperty("java.class.path"),
            Trainyard.class.getName(),
            "run",
            file.toString()));
    File log = folder.resolve("log").toFile();
    Process child =
        new ProcessBuilder(command)
            .redirectOutput(log)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    double peak = Double.NaN;
    try {
      while (!child.waitFor(100, TimeUnit.MILLISECONDS)) {
        double now = residentPeak(child.pid());
        peak = Double.isNaN(now) ? peak : now;
      }
    } finally {
      child.destroyForcibly();
    }
    if (child.exitValue() != 0) {
      throw new DataException(
          "bench tokenize: the pipeline ended with exit code %d; what it says stands above"
              .formatted(child.exitValue()));
    }
    return peak;
  }

  /** The kernel's high-water mark of a process; NaN where there is no /proc, or it has ended. */
  private static double residentPeak(long process) {
    try (var lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D+", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException | UncheckedIOException e) {
      return Double.NaN;
    }
  }

  private static List<Figure> learning(StoredRun run, double peak) {
    StepRecord learn = run.records().get("tokenizer");
    StepRecord encode = run.records().get("tokens");
    double bytes = encode.metrics().get("bytes");
    double encodeSeconds = encode.milliseconds() / 1e3;
    return List.of(
        Figure.atLeast("corpus_gigabytes", bytes / 1e9, given() ? 0 : 1),
        Figure.shown("corpus_seconds", run.records().get("corpus").milliseconds() / 1e3),
        Figure.shown("different_words", learn.metrics().get("words")),
        Figure.shown("words_left_out_share", learn.metrics().get("words_left_out_share")),
        Figure.atLeast("vocabulary", learn.metrics().get("vocabulary"), VOCABULARY),
        Figure.atMost("learn_seconds", learn.milliseconds() / 1e3, 900),
        Figure.atMost("peak_memory_gigabytes", peak / 1e9, 4),
        Figure.shown("corpus_bytes_per_token", encode.metrics().get("bytes_per_unit")),
        Figure.shown("encode_seconds", encodeSeconds),
        Figure.atLeast(
            "encode_stage_megabytes_per_second_per_core", bytes / 1e6 / encodeSeconds / CORES, 10));
  }

  private static boolean given() {
    return System.getenv(TEXT) != null;
  }

  /** One thread over the bundled text, from strings to ids, by an encoder that starts anew. */
  private static List<Figure> encoding(List<String> texts, Tokenizer tokenizer) {
    List<byte[]> utf8 = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    double megabytes = utf8.stream().mapToLong(text -> text.length).sum() / 1e6;
    TokenBuffer tokens = new TokenBuffer();
    double encode =
        median(
            () -> {
              Tokenizer.Encoder encoder = tokenizer.encoder();
              long made = 0;
              for (String text : texts) {
                tokens.clear();
                encoder.encode(text, tokens);
                made += tokens.size();
              }
              return made;
            });
    double cut =
        median(
            () -> {
              long pieces = 0;
              for (byte[] text : utf8) {
                for (int from = 0; from < text.length; pieces++) {
                  from = Pieces.end(text, from, text.length);
                }
              }
              return pieces;
            });
    long[] memory = new long[1 << 25];
    double read = median(() -> Arrays.stream(memory).sum());
    return List.of(
        Figure.shown("bundled_megabytes", megabytes),
        Figure.atLeast("encode_megabytes_per_second_per_core", megabytes / encode, 10),
        Figure.shown("cut_pieces_megabytes_per_second_per_core", megabytes / cut),
        Figure.shown("share_of_cutting_pieces", cut / encode),
        Figure.shown("memory_read_megabytes_per_second_per_core", memory.length * 8e-6 / read));
  }

  /** Seconds of a pass, the median of several after some to warm up. */
  private static double median(LongSupplier pass) {
    double[] seconds = new double[PASSES];
    long seen = 0;
    for (int at = -3; at < PASSES; at++) {
      long start = System.nanoTime();
      seen += pass.getAsLong();
      if (at >= 0) {
        seconds[at] = (System.nanoTime() - start) / 1e9;
      }
    }
    Arrays.sort(seconds);
    return seen < 0 ? Double.NaN : seconds[PASSES / 2];
  }

  /** How many different vocabularies come of one text in several partitionings. */
  private static Figure partitionings(Dataset<Row> texts) {
    Set<Merges> learnt = new HashSet<>();
    for (int partitions : PARTITIONINGS) {
      WordTable.Kept words = ByteBpe.words(texts.repartition(partitions), 50_000);
      learnt.add(new MergeLearner(words.list()).learn(4_000, 2, done -> {}));
    }
    return Figure.atMost(
        "different_vocabularies_of_%d_partitionings".formatted(PARTITIONINGS.length),
        learnt.size(),
        1);
  }

  /** The share of the textbook's merges that are learnt, each at its place. */
  private static Figure textbook(WordList words) {
    List<String> latin = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    for (int word = 0; word < words.size(); word++) {
      latin.add(latin(words.word(word)));
      counts.add(words.count(word));
    }
    List<TextbookMerges.Merge> expected = TextbookMerges.learn(latin, counts, 300, 2);
    Merges learnt = new MergeLearner(words).learn(300, 2, done -> {});
    int equal = 0;
    for (int merge = 0; merge < Math.min(expected.size(), learnt.size()); merge++) {
      TextbookMerges.Merge own =
          new TextbookMerges.Merge(
              latin(learnt.bytes(learnt.left(merge))), latin(learnt.bytes(learnt.right(merge))));
      equal += own.equals(expected.get(merge)) ? 1 : 0;
    }
    return Figure.atLeast(
        "share_of_merges_equal_to_the_textbook",
        equal / (double) Math.max(expected.size(), learnt.size()),
        1);
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static List<Figure> exactness(Tokenizer tokenizer) {
    StringBuilder all = new StringBuilder();
    int rejected = 0;
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        all.appendCodePoint(codePoint);
      } else if (rejectedAt("ab" + (char) codePoint + "c", tokenizer) == 2) {
        rejected++;
      }
    }
    int[] expected = all.codePoints().toArray();
    int[] back = tokenizer.decode(tokenizer.encode(all.toString())).codePoints().toArray();
    int equal = 0;
    for (int at = 0; at < Math.min(expected.length, back.length); at++) {
      equal += expected[at] == back[at] ? 1 : 0;
    }
    return List.of(
        Figure.atLeast("code_points_that_round_trip", equal, 1_112_064),
        Figure.atLeast("lone_surrogates_rejected_with_position", rejected, 2_048));
  }

  private static int rejectedAt(String text, Tokenizer tokenizer) {
    try {
      tokenizer.encode(text);
      return -1;
    } catch (BrokenTextException e) {
      return e.position();
    }
  }

  private static Tokenizer tokenizer(StoredRun run, Storage storage) {
    return run.run().units().stream()
        .filter(unit -> unit.step().equals("tokenizer"))
        .flatMap(unit -> run.artifacts(unit).stream())
        .map(artifact -> TokenizerFolder.open(artifact.folder(), storage).tokenizer())
        .findFirst()
        .orElseThrow();
  }

  /** One in so many texts of a table, by their hash. */
  private static Dataset<Row> texts(SparkSession spark, StoredRun run, String step, int oneIn) {
    return run.tables(step)
        .get(0)
        .read(spark)
        .where(pmod(xxhash64(col("id")), lit(oneIn)).equalTo(0))
        .select("text");
  }

  private static List<String> strings(Dataset<Row> texts) {
    return texts.collectAsList().stream().map(row -> row.getString(0)).toList();
  }
}
