package org.trainyard.dataprep.curate.kernel;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Documents a second through each quality filter: 480 words, about 2,900 characters each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FiltersBenchmark {
  private static final int DOCUMENTS = 256;
  private static final int WORDS = 480;
  private static final int VOCABULARY = 20_000;

  @Param({"gopher-repetition", "gopher-quality", "fineweb-quality"})
  public String filter;

  private final String[] texts = new String[DOCUMENTS];
  private TextRule rule;
  private int next;

  @Setup
  public void write() {
    rule =
        switch (filter) {
          case "gopher-quality" ->
              new GopherQualityRule(Limits.of(GopherQualityLimits.class, "{}"));
          case "fineweb-quality" ->
              new FineWebQualityRule(Limits.of(FineWebQualityLimits.class, "{}"));
          default -> new GopherRepetitionRule(Limits.of(GopherRepetitionLimits.class, "{}"));
        };
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < DOCUMENTS; i++) {
      texts[i] = text(random);
    }
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < WORDS; word++) {
      int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
      text.append(rank < 8 ? "the" : Integer.toString(rank * 7919, 36));
      text.append(word % 80 == 79 ? ".\n\n" : word % 16 == 15 ? ". " : " ");
    }
    return text.toString();
  }

  /** One document. */
  @Benchmark
  public Finding examine() {
    next = (next + 1) % DOCUMENTS;
    return rule.examine(texts[next]);
  }
}
