package org.trainyard.pipeline.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import scala.util.Properties;

/** Java's options, Scala's version, and memory beside the heap. */
public final class JavaPreflight implements Preflight {
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "sun.nio.ch",
          "sun.util.calendar");

  /** The first Scala 2.12 whose lambdas Java 17 can load. */
  private static final int SCALA_PATCH = 15;

  @Override
  public List<String> problems(SparkConf conf) {
    List<String> problems = new ArrayList<>();
    if (Runtime.version().feature() < 17) {
      problems.add(
          "Java %s is too old: install JDK 17 and set JAVA_HOME".formatted(Runtime.version()));
    }
    Module base = Object.class.getModule();
    Module ours = JavaPreflight.class.getModule();
    List<String> closed =
        OPENED.stream()
            .filter(name -> base.getPackages().contains(name) && !base.isOpen(name, ours))
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();
    if (!closed.isEmpty()) {
      problems.add(
          "Java keeps packages closed that Spark needs: start with submit/trainyard, or add to"
              + " spark.driver.extraJavaOptions and spark.executor.extraJavaOptions: "
              + String.join(" ", closed));
    }
    String scala = Properties.versionNumberString();
    String[] parts = scala.split("\\.");
    if (!scala.startsWith("2.12.") || Integer.parseInt(parts[2]) < SCALA_PATCH) {
      problems.add(
          "Scala %s is on the class path: use Spark 3.5 for Scala 2.12, with scala-library 2.12.18"
              .formatted(scala));
    }
    problems.addAll(memory(conf));
    return problems;
  }

  private static List<String> memory(SparkConf conf) {
    String master = conf.get("spark.master", "");
    boolean container = master.startsWith("yarn") || master.startsWith("k8s");
    return container
            && !conf.contains("spark.executor.memoryOverhead")
            && !conf.contains("spark.executor.memoryOverheadFactor")
        ? List.of(
            "Native code needs memory beside the heap, or the container is killed: set"
                + " spark.executor.memoryOverhead (2g is a start)")
        : List.of();
  }
}
