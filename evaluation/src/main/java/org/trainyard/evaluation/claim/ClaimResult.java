package org.trainyard.evaluation.claim;

import java.util.List;
import java.util.SortedMap;

/**
 * What a claim came to, with all that was measured.
 *
 * @param name of the claim's file, without ending
 * @param claim as it was run
 * @param verdict of all tests together
 * @param tests one for each comparison
 * @param seconds how long the runs took
 * @param notes what cut the experiment short; empty if nothing did
 */
public record ClaimResult(
    String name,
    Claim claim,
    Verdict verdict,
    List<Tested> tests,
    double seconds,
    List<String> notes) {
  /** Name of the file that holds it. */
  public static final String FILE = "claim.json";

  /** Keeps its own copies. */
  public ClaimResult {
    tests = List.copyOf(tests);
    notes = List.copyOf(notes);
  }

  /**
   * One comparison.
   *
   * @param comparison what was promised
   * @param verdict of this comparison
   * @param baseline values of the baseline arm by seed
   * @param treatment values of the treatment arm by seed
   * @param improvement mean over the pairs; positive is the promised direction
   * @param low lower end of its 95 % interval
   * @param high upper end
   */
  public record Tested(
      Claim.Comparison comparison,
      Verdict verdict,
      SortedMap<Long, Double> baseline,
      SortedMap<Long, Double> treatment,
      double improvement,
      double low,
      double high) {

    /** Mean of the baseline arm. */
    public double baselineMean() {
      return mean(baseline);
    }

    /** Mean of the treatment arm. */
    public double treatmentMean() {
      return mean(treatment);
    }

    private static double mean(SortedMap<Long, Double> values) {
      return values.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
  }
}
