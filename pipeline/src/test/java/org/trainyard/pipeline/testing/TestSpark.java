package org.trainyard.pipeline.testing;

import org.apache.spark.sql.SparkSession;
import org.trainyard.pipeline.run.SideChannel;

/** The one Spark session of a test JVM: two task slots, no pages, few shuffle partitions. */
public final class TestSpark {
  private static SparkSession session;

  private TestSpark() {}

  /** The session, started on first use and never stopped: the JVM's end stops it. */
  public static synchronized SparkSession session() {
    if (session == null) {
      session =
          SparkSession.builder()
              .master("local[2]")
              .appName("tests")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.shuffle.partitions", "4")
              .config("spark.sql.session.timeZone", "UTC")
              .config("spark.driver.host", "127.0.0.1")
              .config("spark.driver.bindAddress", "127.0.0.1")
              .config("spark.plugins", SideChannel.class.getName())
              .config("spark.hadoop.fs.fulldisk.impl", FullDisk.class.getName())
              .config("spark.sql.warehouse.dir", "target/warehouse")
              .getOrCreate();
      session.sparkContext().setLogLevel("ERROR");
    }
    return session;
  }
}
