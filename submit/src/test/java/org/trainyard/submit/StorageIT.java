package org.trainyard.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.run.Sessions;

/** A real HDFS and a real S3 protocol, for text, pipeline file and output alike. */
@Tag("slow")
@DisplayName("A pipeline that is killed and run again, on")
@DisabledOnOs(OS.WINDOWS)
class StorageIT {
  private static final Pattern SAVED = Pattern.compile(".*/checkpoint\\.json");
  private static final String BUCKET = "yard";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static MiniDFSCluster hdfs;
  private static Process s3;
  private static int s3Port;

  @BeforeAll
  static void start() throws Exception {
    s3Port = freePort();
    s3 = startS3();
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    hdfs.waitActive();
    Map<String, String> properties = new TreeMap<>(Map.of("spark.sql.shuffle.partitions", "2"));
    s3Properties().forEach((key, value) -> properties.put("spark.hadoop." + key, value));
    spark = Sessions.open("storage", properties);
    makeBucket();
  }

  @AfterAll
  static void stop() throws Exception {
    spark.stop();
    hdfs.shutdown();
    s3.destroy();
    s3.waitFor();
    FileSystem.closeAll();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static Process startS3() throws IOException {
    Path properties =
        Files.write(
            folder.resolve("s3proxy.properties"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + s3Port,
                "s3proxy.authorization=none",
                "jclouds.provider=transient",
                "jclouds.identity=any",
                "jclouds.credential=any"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-jar",
            "target/s3proxy/s3proxy-jar-with-dependencies.jar",
            "--properties",
            properties.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("s3proxy.log").toFile())
        .start();
  }

  /** Waits for the server too. */
  private static void makeBucket() throws Exception {
    for (int attempt = 0; ; attempt++) {
      try {
        HttpURLConnection request =
            (HttpURLConnection)
                URI.create("http://127.0.0.1:%d/%s".formatted(s3Port, BUCKET))
                    .toURL()
                    .openConnection();
        request.setRequestMethod("PUT");
        assertThat(request.getResponseCode()).isEqualTo(200);
        return;
      } catch (IOException e) {
        assertThat(s3.isAlive() && attempt < 300)
            .as(Files.readString(folder.resolve("s3proxy.log")))
            .isTrue();
        Thread.sleep(100);
      }
    }
  }

  private static Map<String, String> s3Properties() {
    return Map.of(
        "fs.s3a.endpoint", "http://127.0.0.1:" + s3Port,
        "fs.s3a.path.style.access", "true",
        "fs.s3a.access.key", "any",
        "fs.s3a.secret.key", "any",
        "fs.s3a.connection.ssl.enabled", "false");
  }

  @Test
  void hdfs() throws Exception {
    goesOnToTheSameEnd(hdfs.getURI().resolve("/").toString(), List.of());
  }

  @Test
  void s3() throws Exception {
    List<String> options = new ArrayList<>(List.of("--jars", jar(S3AFileSystem.class)));
    options.set(1, options.get(1) + "," + jar(com.amazonaws.AmazonClientException.class));
    s3Properties()
        .forEach(
            (key, value) -> options.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));
    goesOnToTheSameEnd("s3a://" + BUCKET + "/", options);
  }

  private static String jar(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static void goesOnToTheSameEnd(String root, List<String> launcherOptions)
      throws Exception {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    copy(Modules.ROOT.resolve("conf/data/hello"), root + "raw/hello", configuration);
    SmallPipeline pipeline =
        new SmallPipeline(
            root + "runs/small",
            configuration,
            launcherOptions,
            List.of("--set", "documents.paths=" + root + "raw/hello/*.txt"));

    Launched.Running first = pipeline.start();
    try {
      while (pipeline.paths("model", SAVED).isEmpty() && first.process().isAlive()) {
        Thread.sleep(50);
      }
    } finally {
      first.kill();
    }
    pipeline.made().requireWhole();
    Set<String> before = pipeline.made().records().keySet();
    assertThat(before)
        .as(Files.readString(first.err()))
        .contains("batches")
        .doesNotContain("model");

    Launched second = pipeline.start().end();
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(pipeline.skippedByTheLastRun()).isEqualTo(before);
    pipeline.made().requireWhole();
    assertThat(pipeline.made().content(spark)).isEqualTo(SmallPipeline.undisturbed(spark));
  }

  private static void copy(Path from, String to, Configuration configuration) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(to);
    FileSystem files = target.getFileSystem(configuration);
    assertThat(
            FileUtil.copy(
                FileSystem.getLocal(configuration),
                new org.apache.hadoop.fs.Path(from.toUri()),
                files,
                target,
                false,
                configuration))
        .isTrue();
  }
}
