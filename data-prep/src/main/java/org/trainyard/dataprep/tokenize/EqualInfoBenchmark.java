package org.trainyard.dataprep.tokenize;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.Artifact;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Graph;
import org.trainyard.pipeline.run.Progress;
import org.trainyard.pipeline.run.Runner;
import org.trainyard.pipeline.run.Sampling;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.Versions;

/** {@code trainyard bench equal-info}: how fast and how short, on bundled speeches. */
public final class EqualInfoBenchmark implements Benchmark {
  private static final int ROUNDS = 7;

  @Override
  public String name() {
    return "equal-info";
  }

  @Override
  public String summary() {
    return "windows of 16 bits over bundled speeches: MB/s of one thread, bytes a window";
  }

  @Override
  public List<Figure> run() throws IOException {
    Path output = Files.createTempDirectory("trainyard-bench-");
    try {
      return figures(tokenizer(output));
    } finally {
      org.apache.commons.io.FileUtils.deleteDirectory(output.toFile());
    }
  }

  private static Tokenizer tokenizer(Path output) {
    PipelineFile file =
        PipelineFile.parse(
            """
            name: equal-info
            seed: 7
            output: %s
            steps:
              documents: {use: read-documents, paths: conf/data/speeches/speeches.jsonl.zst}
              learn: {use: learn-tokenizer, tokenizer: {equal-info: {bits: 16}}}
            """
                .formatted(output.toUri()),
            Map.of());
    var spark = Sessions.open(file.name(), file.spark());
    var record =
        new Runner(spark, new Progress(System.err, false))
            .run(Graph.of(file), Sampling.ALL)
            .records()
            .get("learn");
    Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
    var version =
        new Versions(storage, new org.apache.hadoop.fs.Path(output.toUri()))
            .folder("learn", record.key());
    return TokenizerFolder.open(
            new Artifact(version, record, LearnTokenizer.TOKENIZER).folder(), storage)
        .tokenizer();
  }

  /** The speeches read here are not those learned from. */
  private static List<Figure> figures(Tokenizer tokenizer) throws IOException {
    List<String> texts = new ArrayList<>();
    long bytes = 0;
    try (var files = Files.newDirectoryStream(Path.of("conf/data/speeches"), "*.txt")) {
      for (Path file : files) {
        texts.add(Files.readString(file));
        bytes += texts.get(texts.size() - 1).getBytes(StandardCharsets.UTF_8).length;
      }
    }
    Tokenizer.Encoder encoder = tokenizer.encoder();
    List<int[]> ids = new ArrayList<>();
    double[] encode = new double[ROUNDS];
    double[] decode = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      ids.clear();
      long start = System.nanoTime();
      TokenBuffer tokens = new TokenBuffer();
      for (String text : texts) {
        tokens.clear();
        encoder.encode(text, tokens);
        ids.add(tokens.ids());
      }
      encode[round] = bytes * 1e3 / (System.nanoTime() - start);
      start = System.nanoTime();
      for (int text = 0; text < texts.size(); text++) {
        if (!tokenizer.decode(ids.get(text)).equals(texts.get(text))) {
          throw new IllegalStateException("text " + text + " did not come back");
        }
      }
      decode[round] = bytes * 1e3 / (System.nanoTime() - start);
    }
    Arrays.sort(encode);
    Arrays.sort(decode);
    long windows = ids.stream().mapToLong(one -> one.length).sum();
    return List.of(
        Figure.atLeast("encode_mb_per_second", encode[ROUNDS / 2], 10),
        Figure.atLeast("decode_mb_per_second", decode[ROUNDS / 2], 2),
        Figure.atLeast("bytes_per_window", bytes / (double) windows, 2.66));
  }
}
