package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.RunRecord;

/**
 * All that a report tells of: equal facts give an equal page, byte for byte.
 *
 * @param run what the run did
 * @param records of all published units, by step
 * @param histories of trained models, by step
 * @param evaluations by step
 * @param plans of batches, by step
 * @param claims checked on this product, by name; usually none
 */
public record Facts(
    RunRecord run,
    SortedMap<String, StepRecord> records,
    SortedMap<String, History> histories,
    SortedMap<String, JsonNode> evaluations,
    SortedMap<String, JsonNode> plans,
    List<ClaimResult> claims) {

  /** Keeps its own copies. */
  public Facts {
    records = new TreeMap<>(records);
    histories = new TreeMap<>(histories);
    evaluations = new TreeMap<>(evaluations);
    plans = new TreeMap<>(plans);
    claims = List.copyOf(claims);
  }

  /** The records of this run in its order. */
  public List<StepRecord> inOrder() {
    return run.units().stream()
        .map(unit -> records.get(unit.step()))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** Those that report a metric. */
  public List<StepRecord> reporting(String metric) {
    return inOrder().stream().filter(record -> record.metrics().containsKey(metric)).toList();
  }

  /** The last value of a metric in the run, if any step reports it. */
  public Optional<Double> last(String metric) {
    return reporting(metric).stream()
        .reduce((first, second) -> second)
        .map(record -> record.metrics().get(metric));
  }
}
