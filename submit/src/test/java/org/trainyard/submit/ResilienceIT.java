package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.Sessions;
import org.trainyard.pipeline.run.Versions;

/**
 * Drivers in JVMs of their own, killed at many moments and run beside each other.
 *
 * <p>{@code -Dkills=100} kills as often, over as many runs as it takes; {@code -Dkills.seed=5}
 * kills at other moments.
 */
@Tag("slow")
@DisplayName("A pipeline")
@DisabledOnOs(OS.WINDOWS)
class ResilienceIT {
  private static final long SEED = Long.getLong("kills.seed", 1);
  private static final int KILLS = Integer.getInteger("kills", Moment.JOURNEY.size());

  @TempDir static Path folder;
  private static SparkSession spark;
  private static SortedMap<String, String> undisturbed;

  /** What is waited for in the output folder, and within which time after it the driver dies. */
  private enum Moment {
    WRITING(".*/attempt-.*/_temporary/.*\\.parquet", 60),
    MADE(".*/record\\.json", 1500),
    SAVING(".*/state-[^/]*\\.safetensors", 10),
    SAVED(".*/checkpoint\\.json", 400);

    /** Through all kinds of steps, and not to the end. */
    static final List<Moment> JOURNEY = List.of(WRITING, MADE, WRITING, SAVING, SAVED);

    private final Pattern sign;
    private final int milliseconds;

    Moment(String sign, int milliseconds) {
      this.sign = Pattern.compile(sign);
      this.milliseconds = milliseconds;
    }
  }

  @BeforeAll
  static void runOneUndisturbed() throws Exception {
    spark = Sessions.open("resilience", Map.of("spark.sql.shuffle.partitions", "2"));
    undisturbed = SmallPipeline.undisturbed(spark);
    assertThat(undisturbed).containsKey("model.model/parameters.safetensors");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void killedAnywhereGoesOnFromThereToTheSameEnd() throws Exception {
    Random random = new Random(SEED);
    int kills = 0;
    for (int run = 0; kills < KILLS; run++) {
      Path output = folder.resolve("killed-" + run);
      List<Moment> moments = new ArrayList<>(Moment.JOURNEY);
      if (run > 0) {
        moments.replaceAll(moment -> Moment.values()[random.nextInt(Moment.values().length)]);
      }
      for (Moment moment : moments.subList(0, Math.min(moments.size(), KILLS - kills))) {
        if (!killAt(moment, random, output)) {
          break;
        }
        kills++;
      }
      SmallPipeline pipeline = new SmallPipeline(output);
      Set<String> before = pipeline.made().records().keySet();
      Launched last = pipeline.start().end();
      assertThat(last.exit()).as(last.err()).isZero();
      pipeline.made().requireWhole();
      assertThat(pipeline.made().content(spark)).isEqualTo(undisturbed);
      assertThat(pipeline.skippedByTheLastRun()).isEqualTo(before);
    }
  }

  /**
   * Runs until a moment comes that was not there before, and kills; then looks at what is left.
   *
   * @return false if the run ended before
   */
  private static boolean killAt(Moment moment, Random random, Path output) throws Exception {
    SmallPipeline pipeline = new SmallPipeline(output);
    Set<String> before = pipeline.paths(moment.sign);
    Map<String, String> published = published(output);
    Set<String> saved = pipeline.paths(Moment.SAVED.sign);
    Set<String> savedSince = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    int passedOver = random.nextInt(2);
    int milliseconds = random.nextInt(moment.milliseconds);
    Launched.Running running = pipeline.start();
    while (seen.size() <= passedOver && running.process().isAlive()) {
      Thread.sleep(20);
      seen.addAll(pipeline.paths(moment.sign));
      seen.removeAll(before);
      savedSince.addAll(pipeline.paths(Moment.SAVED.sign));
    }
    Thread.sleep(milliseconds);
    boolean killed = running.process().isAlive();
    running.kill();

    Made left = pipeline.made();
    left.requireWhole();
    assertThat(published(output)).as("what was published stays").containsAllEntriesOf(published);
    savedSince.removeAll(saved);
    assertThat(savedSince).as("training goes on").allMatch(path -> path.compareTo(last(saved)) > 0);
    assertThat(readable(output)).isEqualTo(left.records().keySet());
    return killed;
  }

  /** The newest checkpoint: its folder's name tells its round. */
  private static String last(Set<String> checkpoints) {
    return checkpoints.stream().reduce("", (earlier, later) -> later);
  }

  /** The record of every published step, as it stands in its file. */
  private static Map<String, String> published(Path output) throws IOException {
    Map<String, String> records = new TreeMap<>();
    for (String record : new SmallPipeline(output).paths(Moment.MADE.sign)) {
      records.put(record, Files.readString(Path.of(output + record)));
    }
    return records;
  }

  /** Steps that a run would take as made. */
  private static Set<String> readable(Path output) throws IOException {
    Versions versions =
        new Versions(
            new Storage(new Configuration()), new org.apache.hadoop.fs.Path(output.toUri()));
    try (Stream<Path> folders = Files.find(output, 2, (path, kind) -> kind.isDirectory())) {
      return folders
          .filter(version -> version.getFileName().toString().matches("[0-9a-f]{16}"))
          .filter(version -> versions.published(step(version), key(version)).isPresent())
          .map(ResilienceIT::step)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String step(Path version) {
    return version.getParent().getFileName().toString();
  }

  /** As much of a version's key as its folder tells, which is all that finds it. */
  private static String key(Path version) {
    return version.getFileName().toString();
  }

  @Test
  void startedTwiceAtOnceEndsWellTwiceAndIsThereOnce() throws Exception {
    SmallPipeline pipeline = new SmallPipeline(folder.resolve("twice"));
    List<Launched.Running> both = List.of(pipeline.start(), pipeline.start());
    for (Launched.Running one : both) {
      Launched ended = one.end();
      assertThat(ended.exit()).as(ended.err()).isZero();
    }
    pipeline.made().requireWhole();
    assertThat(pipeline.made().content(spark)).isEqualTo(undisturbed);
    assertThat(pipeline.paths(Pattern.compile("/[^/]+/[0-9a-f]{16}/attempt-[^/]+")))
        .as("one attempt of each step is left")
        .hasSameSizeAs(pipeline.made().records().keySet());
    assertThat(pipeline.paths(Moment.SAVED.sign)).isEmpty();
  }
}
