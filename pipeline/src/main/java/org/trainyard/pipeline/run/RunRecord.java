package org.trainyard.pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.SortedMap;

/**
 * What a run did, written as {@code run.json}.
 *
 * @param id sorts by start time
 * @param pipeline name in the file
 * @param codeVersion version of the product
 * @param started ISO-8601 instant
 * @param milliseconds how long it took
 * @param exit exit code; 0 if all went well
 * @param message empty, or why it stopped
 * @param units what ran or was skipped, in order
 * @param effective the pipeline file as it took effect
 * @param environment Java, Spark, operating system, processors
 */
public record RunRecord(
    String id,
    String pipeline,
    String codeVersion,
    String started,
    long milliseconds,
    int exit,
    String message,
    List<UnitRun> units,
    JsonNode effective,
    SortedMap<String, String> environment) {

  /** Name of the file that holds it. */
  public static final String FILE = "run.json";

  /**
   * What became of one unit.
   *
   * @param step id of its last step
   * @param title all its steps
   * @param folder version folder, relative to the output folder
   * @param skipped whether it was there already
   * @param milliseconds how long it took in this run
   * @param inputs what it read: input name to {@code step.output}
   */
  public record UnitRun(
      String step,
      String title,
      String folder,
      boolean skipped,
      long milliseconds,
      SortedMap<String, String> inputs) {}

  /** Keeps its own copies. */
  public RunRecord {
    units = List.copyOf(units);
  }
}
