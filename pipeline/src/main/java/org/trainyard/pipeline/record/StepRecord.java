package org.trainyard.pipeline.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a step's outputs were made. Writing it publishes them: without a record a version folder does
 * not exist for readers.
 *
 * @param step id in the pipeline file
 * @param key SHA-256 over techniques, versions, settings and inputs: equal keys, equal outputs
 * @param codeVersion version of the product that ran it
 * @param techniques what ran, in order (several where stages were fused)
 * @param inputs tables, artifacts and files read: name to key (or file digest)
 * @param rows rows in, out and rejected by reason
 * @param licences rows of tables made, by licence of their source; empty if not tracked
 * @param outputs what was made, by name
 * @param metrics figures that the step reported
 * @param started ISO-8601 instant
 * @param milliseconds how long it took
 */
public record StepRecord(
    String step,
    String key,
    String codeVersion,
    List<Applied> techniques,
    SortedMap<String, String> inputs,
    Rows rows,
    SortedMap<String, Long> licences,
    SortedMap<String, Output> outputs,
    SortedMap<String, Double> metrics,
    String started,
    long milliseconds) {

  /** Name of the file that holds it. */
  public static final String FILE = "record.json";

  /**
   * A technique as it was applied.
   *
   * @param step the step it was written as
   * @param settings effective settings, defaults filled in
   */
  public record Applied(String step, String technique, int version, JsonNode settings) {}

  /** Keeps its own copies. */
  public StepRecord {
    techniques = List.copyOf(techniques);
    inputs = Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
    licences = Collections.unmodifiableSortedMap(new TreeMap<>(licences));
    outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }

  /** The output of this name. */
  public Output output(String name) {
    Output output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException(
          "Step %s has no output '%s'; it has %s".formatted(step, name, outputs.keySet()));
    }
    return output;
  }

  /** A copy of a map, sorted by key: records are byte-equal when they say the same. */
  public static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return new TreeMap<>(map);
  }
}
