package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher in a copy of its folder, with a Java and a Maven that only tell how they were
 * called.
 */
@DisplayName("The launcher")
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "mkdir",
          "readlink",
          "rm",
          "sed",
          "tail",
          "tee");

  @TempDir Path folder;
  private Path yard;
  private Path tools;
  private Path elsewhere;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    folder = folder.toRealPath();
    yard = Files.createDirectories(folder.resolve("a yard/submit"));
    tools = Files.createDirectories(folder.resolve("tools"));
    elsewhere = Files.createDirectories(folder.resolve("else where"));
    for (String file : List.of("trainyard", "ready.bash", "java.options", "log4j2.properties")) {
      Files.copy(
          Modules.ROOT.resolve("submit").resolve(file),
          yard.resolve(file),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/bin", "/usr/bin")
              .map(bin -> Path.of(bin, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
  }

  private Path script(Path at, String... lines) throws IOException {
    Files.createDirectories(at.getParent());
    Files.writeString(at, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
    return Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A Java that prints what it was called with, one argument a line, and ends with 6. */
  private void java(String version) throws IOException {
    script(
        tools.resolve("java"),
        "if [ \"${1:-}\" = -version ]; then echo 'openjdk version \""
            + version
            + "\"' >&2; exit; fi",
        "echo \"SPARK_HOME=${SPARK_HOME:-} OMP_NUM_THREADS=$OMP_NUM_THREADS\"",
        "echo \"OPT_OUT_TRACKING=$OPT_OUT_TRACKING LC_ALL=${LC_ALL:-}\"",
        "printf '%s\\n' \"$@\"",
        "exit 6");
  }

  /** A Maven that makes what a build makes. */
  private void maven(String... more) throws IOException {
    script(
        tools.resolve("mvn"),
        Stream.concat(
                Stream.of(
                    "echo '[INFO] Building Trainyard: pipeline 0.1.0 [2/6]'",
                    "mkdir -p submit/target/spark/jars",
                    "printf 'PK\\005\\006------------------' >submit/target/trainyard.jar",
                    "cat /dev/null >submit/target/spark/RELEASE"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private Path jar() {
    return yard.resolve("target/trainyard.jar");
  }

  private void built() throws IOException {
    java("17.0.9");
    Files.createDirectories(yard.resolve("target/spark/jars"));
    Files.createFile(yard.resolve("target/spark/RELEASE"));
    Files.writeString(jar(), "PK\005\006" + "-".repeat(18));
  }

  private Launched.Launch trainyard(String... arguments) {
    return new Launched.Launch(elsewhere, yard.resolve("trainyard"), arguments)
        .with("PATH", tools)
        .with("LC_ALL", "")
        .with("LC_CTYPE", "")
        .with("LANG", "")
        .with("JAVA_HOME", "")
        .with("SPARK_HOME", "")
        .with("HADOOP_CONF_DIR", "")
        .with("OMP_NUM_THREADS", "")
        .with("OPT_OUT_TRACKING", "")
        .with("TRAINYARD_HEAP", "")
        .with("TRAINYARD_BUILD", "");
  }

  private static void saysInOneLine(Launched ended, int exit, String... parts) {
    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    assertThat(ended.err().strip()).startsWith("trainyard: ").contains(parts).doesNotContain("\n");
  }

  @Nested
  class NamesTheMend {
    @Test
    void whenThereIsNoJava() throws Exception {
      saysInOneLine(trainyard("list").run(), 3, "Java is not installed: install a JDK 17");
    }

    @Test
    void whenJavaHomeHoldsNone() throws Exception {
      saysInOneLine(
          trainyard("list").with("JAVA_HOME", "/no/java").run(),
          3,
          "JAVA_HOME is '/no/java'",
          "set it");
    }

    @Test
    void whenJavaIsTooOld() throws Exception {
      java("11.0.2");
      saysInOneLine(trainyard("list").run(), 3, "is Java 11, Trainyard needs 17");
      java("1.8.0_402");
      saysInOneLine(trainyard("list").run(), 3, "Trainyard needs 17");
    }

    @Test
    void whenMavenIsNeededAndMissing() throws Exception {
      java("17.0.9");
      saysInOneLine(trainyard("list").run(), 3, "Maven is not installed", "apt install maven");
    }

    @Test
    void whenItMustBeBuiltAndJavaIsTooNew() throws Exception {
      java("21.0.1");
      maven();
      saysInOneLine(trainyard("list").run(), 3, "built by Java 17", "is Java 21", "JAVA_HOME");
    }

    @Test
    void whenAnOptionLacksItsValue() throws Exception {
      saysInOneLine(trainyard("--master").run(), 2, "--master needs a value");
      saysInOneLine(trainyard("--conf", "x").run(), 2, "KEY=VALUE");
      saysInOneLine(trainyard("--conf", "train.epochs=2").run(), 2, "--set train.epochs=2");
    }

    @Test
    void whenAJarIsNotThere() throws Exception {
      built();
      saysInOneLine(trainyard("--jars", "no.jar", "list").run(), 3, "no such file: 'no.jar'");
    }

    @Test
    void whenYarnHasNoSpark() throws Exception {
      built();
      saysInOneLine(
          trainyard("--master", "yarn", "list").run(), 3, "yarn needs a Spark 3.5", "SPARK_HOME");
    }
  }

  @Nested
  class Builds {
    @Test
    void onFirstUseAndNotAgain() throws Exception {
      java("17.0.9");
      maven();
      Launched first = trainyard("list").run();
      assertThat(first.err()).startsWith("Building Trainyard once…").contains("\n  pipeline 0.1.0");
      assertThat(first.exit()).isEqualTo(6);
      assertThat(trainyard("list").run().err()).isEmpty();
    }

    @Test
    void anewWhenAsked() throws Exception {
      built();
      maven();
      assertThat(trainyard("list").with("TRAINYARD_BUILD", 1).run().err()).startsWith("Building");
    }

    @Test
    void anewWhereAnInterruptedBuildLeftAPieceOfAJar() throws Exception {
      built();
      maven();
      Files.writeString(jar(), "PK\003\004 and then nothing");
      assertThat(trainyard("list").run().err()).startsWith("Building");
    }

    @Test
    void withTheErrorsOfAFailure() throws Exception {
      java("17.0.9");
      script(tools.resolve("mvn"), "echo '[ERROR] Stage.java:[3,1] no semicolon'", "exit 1");
      Launched ended = trainyard("list").run();
      assertThat(ended.exit()).isEqualTo(1);
      assertThat(ended.err()).contains("no semicolon", "the build failed; its whole log is ");
    }

    @Test
    void notByItselfWhenSourcesAreNewer() throws Exception {
      built();
      Files.setLastModifiedTime(jar(), FileTime.from(Instant.EPOCH));
      Path source = Files.createDirectories(folder.resolve("a yard/pipeline/src/main"));
      Files.createFile(source.resolve("New.java"));
      saysInOneLine(trainyard("list").run(), 6, "New.java is newer", "TRAINYARD_BUILD=1");
    }
  }

  @Nested
  class StartsOneJvm {
    @Test
    void ofHalfTheMemoryWithSparkInside() throws Exception {
      built();
      assertThat(trainyard("run", "a b.yaml", "--set", "x=").run().out().lines())
          .containsExactly(
              "SPARK_HOME= OMP_NUM_THREADS=1",
              "OPT_OUT_TRACKING=true LC_ALL=C.UTF-8",
              "@" + yard + "/java.options",
              "-XX:MaxRAMPercentage=50",
              "-Dlog4j2.configurationFile=file:" + yard + "/log4j2.properties",
              "-Dspark.master=local[*]",
              "-cp",
              jar() + ":" + yard + "/target/spark/jars/*",
              "org.trainyard.pipeline.cli.Trainyard",
              "run",
              "a b.yaml",
              "--set",
              "x=");
    }

    @Test
    void throughALink() throws Exception {
      built();
      Path link = Files.createSymbolicLink(elsewhere.resolve("ty"), yard.resolve("trainyard"));
      Launched ended = new Launched.Launch(folder, link, "list").with("PATH", tools).run();
      assertThat(ended.out()).contains("@" + yard + "/java.options");
    }

    @Test
    void ofTheHeapAskedFor() throws Exception {
      built();
      Launched.Launch launch = trainyard("list").with("TRAINYARD_HEAP", "2g");
      assertThat(launch.run().out()).contains("-Xmx2g").doesNotContain("MaxRAMPercentage");
      launch = trainyard("--driver-memory=3g", "list").with("TRAINYARD_HEAP", "2g");
      assertThat(launch.run().out()).contains("-Xmx3g").doesNotContain("-Xmx2g");
    }

    @Test
    void withPropertiesOfSparkAndJarsOfTheUser() throws Exception {
      built();
      Path jar = Files.createFile(elsewhere.resolve("more.jar"));
      Launched ended =
          trainyard(
                  "--conf",
                  "spark.a=b c",
                  "--conf=spark.driver.extraJavaOptions=-Dx=1 -Dy=2",
                  "--executor-memory",
                  "2g",
                  "--jars",
                  "more.jar,file:" + jar,
                  "--master",
                  "local[2]",
                  "list")
              .run();
      assertThat(ended.out().lines())
          .contains("-Dspark.a=b c", "-Dx=1", "-Dy=2", "-Dspark.executor.memory=2g")
          .contains("-Dspark.master=local[2]")
          .contains(jar() + ":" + yard + "/target/spark/jars/*:more.jar:" + jar);
    }

    @Test
    void withSparksWholeLogWhenAsked() throws Exception {
      built();
      assertThat(trainyard("--verbose", "list").run().out()).doesNotContain("log4j2");
    }
  }

  @Nested
  class HandsTheJarToSparkSubmit {
    @Test
    void thatTheBuildPutTogether() throws Exception {
      built();
      Launched ended =
          trainyard(
                  "--master",
                  "spark://host:7077",
                  "--driver-memory",
                  "2g",
                  "--jars",
                  "m.jar",
                  "run")
              .run();
      assertThat(ended.exit()).isEqualTo(6);
      assertThat(ended.out().lines())
          .containsExactly(
              "SPARK_HOME=" + yard + "/target/spark OMP_NUM_THREADS=1",
              "OPT_OUT_TRACKING=true LC_ALL=C.UTF-8",
              "@" + yard + "/java.options",
              "-Xmx2g",
              "-Dlog4j2.configurationFile=file:" + yard + "/log4j2.properties",
              "-Dtrainyard.log.tasks=warn",
              "-cp",
              yard + "/target/spark/jars/*",
              "org.apache.spark.deploy.SparkSubmit",
              "--class",
              "org.trainyard.pipeline.cli.Trainyard",
              "--master",
              "spark://host:7077",
              "--deploy-mode",
              "client",
              "--jars",
              "m.jar",
              "--conf",
              "spark.executorEnv.OMP_NUM_THREADS=1",
              "--conf",
              "spark.executorEnv.OPT_OUT_TRACKING=true",
              "--conf",
              "spark.executorEnv.LC_ALL=C.UTF-8",
              jar().toString(),
              "run");
    }

    @Test
    void ofSparkHome() throws Exception {
      built();
      Path spark = home();
      Launched ended =
          trainyard("--master", "yarn", "--driver-memory", "2g", "run")
              .with("SPARK_HOME", spark)
              .run();
      assertThat(ended.out().lines())
          .startsWith("spark-submit")
          .containsSequence("--driver-memory", "2g", "--driver-java-options")
          .endsWith(jar().toString(), "run");
    }

    @Test
    void ofSparkHomeWhereTheDriverIsOnTheCluster() throws Exception {
      built();
      Launched ended =
          trainyard("--master=yarn", "--deploy-mode=cluster", "run")
              .with("SPARK_HOME", home())
              .run();
      assertThat(ended.out())
          .contains("spark.yarn.appMasterEnv.OMP_NUM_THREADS=1")
          .doesNotContain("log4j2");
      ended =
          trainyard("--master=k8s://https://h:6443", "--deploy-mode=cluster", "run")
              .with("SPARK_HOME", home())
              .run();
      assertThat(ended.out()).contains("spark.kubernetes.driverEnv.OMP_NUM_THREADS=1");
    }

    @Test
    void andHandsOnWhichKernelsOfOpenBlasAreUsed() throws Exception {
      built();
      Launched named =
          trainyard("--master=spark://h:1", "run")
              .with("SPARK_HOME", home())
              .with("OPENBLAS_CORETYPE", "Zen")
              .run();
      assertThat(named.out()).contains("spark.executorEnv.OPENBLAS_CORETYPE=Zen");
      Launched unnamed =
          trainyard("--master=spark://h:1", "run")
              .with("SPARK_HOME", home())
              .with("OPENBLAS_CORETYPE", "")
              .run();
      assertThat(unnamed.out()).doesNotContain("OPENBLAS_CORETYPE");
    }

    @Test
    void butNotOfASparkThatDoesNotFit() throws Exception {
      built();
      Launched ended =
          trainyard("--master=spark://h:1", "list").with("SPARK_HOME", "/opt/spark-2").run();
      saysInOneLine(ended, 6, "'/opt/spark-2', which holds no Spark 3.5 for Scala 2.12; using ");
    }

    private Path home() throws IOException {
      Path spark = Files.createDirectories(folder.resolve("spark"));
      script(spark.resolve("bin/spark-submit"), "echo spark-submit", "printf '%s\\n' \"$@\"");
      Path core = spark.resolve("jars/spark-core_2.12-3.5.1.jar");
      if (!Files.exists(core)) {
        Files.createFile(Files.createDirectories(core.getParent()).resolve(core.getFileName()));
      }
      return spark;
    }
  }

  @Test
  void opensThePackagesThatSparkOpens() throws IOException {
    List<String> ours = Files.readAllLines(Modules.ROOT.resolve("submit/java.options"));
    assertThat(ours).contains(JavaModuleOptions.defaultModuleOptions().split(" "));
  }
}
