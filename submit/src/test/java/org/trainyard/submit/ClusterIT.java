package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.stage.JobTechnique;

/** The built jar, by the launcher, on a master and two workers in JVMs of their own. */
@DisplayName("A standalone cluster")
@Tag("cluster")
@DisabledOnOs(OS.WINDOWS)
class ClusterIT {
  private static final Path SUBMIT = Modules.ROOT.resolve("submit");

  @TempDir static Path folder;
  private static String master;
  private static SparkSession spark;

  @BeforeAll
  static void start() throws Exception {
    Launched started = cluster("start", "2", "1", "1500m");
    assertThat(started.exit()).as(started.err()).isZero();
    Matcher url = Pattern.compile("spark://\\S+").matcher(started.out());
    assertThat(url.find()).as(started.out()).isTrue();
    master = url.group();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate();
  }

  @AfterAll
  static void stop() throws Exception {
    if (spark != null) {
      spark.stop();
    }
    assertThat(cluster("stop").exit()).isZero();
    assertThat(cluster("status").exit()).isEqualTo(1);
  }

  private static Launched cluster(String... arguments) throws Exception {
    return new Launched.Launch(folder, SUBMIT.resolve("cluster"), arguments)
        .with("TRAINYARD_CLUSTER", folder.resolve("cluster"))
        .with("TRAINYARD_CLUSTER_PORT", 0)
        .run();
  }

  private static Launched trainyard(String... arguments) throws Exception {
    return new Launched.Launch(Modules.ROOT, SUBMIT.resolve("trainyard"), arguments)
        .with("SPARK_HOME", "")
        .run();
  }

  @Test
  void tellsThatItRuns() throws Exception {
    Launched status = cluster("status");
    assertThat(status.exit()).isZero();
    assertThat(status.out()).startsWith(master).contains("3 of 3 processes live");
  }

  @Test
  void makesWhatOneJvmMakesBitForBit() throws Exception {
    Path local = folder.resolve("local");
    Path distributed = folder.resolve("distributed");
    Launched one = trainyard("run", "conf/hello.yaml", "--set", "output=" + local);
    assertThat(one.exit()).as(one.err()).isZero();
    Launched two =
        trainyard(
            "--master",
            master,
            "--conf",
            "spark.sql.shuffle.partitions=5", // Spark's own 200 are for clusters that are some.
            "run",
            "conf/hello.yaml",
            "--set",
            "output=" + distributed);
    assertThat(two.exit()).as(two.err()).isZero();
    SortedMap<String, String> made = made(distributed).content(spark);
    assertThat(made).isNotEmpty().isEqualTo(made(local).content(spark));
    assertThat(keys(made(distributed))).isEqualTo(keys(made(local)));
  }

  @Test
  void runsTechniquesOfAUsersJarWithTheSideChannel() throws Exception {
    Path output = folder.resolve("probed");
    Path file =
        Files.writeString(
            folder.resolve("probe.yaml"),
            "name: probe\noutput: %s\nsteps: {probe: {use: probe-executors}}\n".formatted(output));
    Launched ended =
        trainyard("--master", master, "--jars", userJar().toString(), "run", file.toString());
    assertThat(ended.exit()).as(ended.err()).isZero();
    Made made = made(output);
    StepRecord record = made.records().get("probe");
    assertThat(record.metrics()).containsEntry("counted", 8.0).containsEntry("granted", 7.0);
    assertThat(record.metrics()).containsEntry("jvms", 2.0);
    assertThat(Files.readAllLines(Path.of(made.files("probe", "seen").get(0).toUri())))
        .allMatch(line -> line.contains(" open OMP_NUM_THREADS=1 OPT_OUT_TRACKING=true UTF-8 "));
  }

  @Test
  void handsOnTheExitCodeAndOneLine() throws Exception {
    Launched ended = trainyard("--master", master, "run", "no/such.yaml");
    assertThat(ended.exit()).isEqualTo(4);
    assertThat(ended.err().strip()).contains("no such pipeline file").doesNotContain("\n");
  }

  /** A jar with one technique and its line in {@code META-INF/services}. */
  private static Path userJar() throws Exception {
    Path classes =
        Path.of(ProbeExecutors.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = folder.resolve("user.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path path : found.filter(ClusterIT::isProbe).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, out);
      }
      out.putNextEntry(new JarEntry("META-INF/services/" + JobTechnique.class.getName()));
      out.write((ProbeExecutors.class.getName() + "\n").getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static boolean isProbe(Path path) {
    return path.getFileName().toString().matches("ProbeExecutors.*\\.class");
  }

  private static Made made(Path output) {
    return new Made(spark.sparkContext().hadoopConfiguration(), output.toString());
  }

  private static List<String> keys(Made made) {
    return made.records().values().stream().map(StepRecord::key).toList();
  }
}
