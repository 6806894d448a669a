package org.trainyard.pipeline.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.config.ConfigException;

/** Starts Spark the way pipelines need it. What spark-submit or the pipeline file says wins. */
public final class Sessions {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "spark.master", "local[*]",
          "spark.ui.showConsoleProgress", "false",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.parquet.compression.codec", "zstd",
          "spark.sql.maxConcurrentOutputFileWriters", "8",
          "spark.plugins", SideChannel.class.getName(),
          "spark.executorEnv.OMP_NUM_THREADS", "1");

  private Sessions() {}

  /**
   * The session for a pipeline.
   *
   * @param properties from the pipeline file
   * @throws ConfigException if the environment cannot run it, one line per problem
   */
  public static SparkSession open(String name, Map<String, String> properties) {
    SparkConf conf = new SparkConf();
    properties.forEach(conf::setIfMissing);
    DEFAULTS.forEach(conf::setIfMissing);
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.ui.enabled", "false");
      // A shuffle partition costs about 5 ms locally; the cluster default of 200 is for clusters.
      conf.setIfMissing("spark.sql.shuffle.partitions", "8");
    }
    // Without a --name, spark-submit calls every application by its jar.
    if (conf.get("spark.app.name", ".jar").endsWith(".jar")) {
      conf.set("spark.app.name", name);
    }
    check(conf);
    return SparkSession.builder().config(conf).getOrCreate();
  }

  private static void check(SparkConf conf) {
    List<String> problems = new ArrayList<>();
    ServiceLoader.load(Preflight.class).forEach(check -> problems.addAll(check.problems(conf)));
    if (!problems.isEmpty()) {
      throw new ConfigException("environment", String.join("; ", problems));
    }
  }
}
