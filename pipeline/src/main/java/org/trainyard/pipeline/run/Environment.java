package org.trainyard.pipeline.run;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** Where a run ran. */
final class Environment {
  private Environment() {}

  static SortedMap<String, String> describe(SparkSession spark) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("java", System.getProperty("java.version"));
    facts.put(
        "operating-system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("driver-processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("driver-heap-bytes", Long.toString(Runtime.getRuntime().maxMemory()));
    facts.put("spark", spark.version());
    facts.put("master", spark.sparkContext().master());
    facts.put("default-parallelism", Integer.toString(spark.sparkContext().defaultParallelism()));
    return facts;
  }
}
