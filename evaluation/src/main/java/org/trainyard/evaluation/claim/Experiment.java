package org.trainyard.evaluation.claim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.trainyard.evaluation.claim.kernel.PairedBootstrap;
import org.trainyard.evaluation.claim.kernel.PairedBootstrap.Interval;
import org.trainyard.pipeline.config.ConfigException;

/**
 * Runs every arm of a claim once for every seed and judges the differences. Seeds are the outer
 * loop, so that what was measured when the time is up is a set of whole pairs.
 */
public final class Experiment {
  private static final double NANOS = 1e9;
  private static final double SECONDS_PER_MINUTE = 60;

  /** Seeds the resampling; the claim's own seeds are for the runs. */
  private static final long RESAMPLING_SEED = 117;

  private final Trial trial;
  private final LongSupplier nanos;

  /** An experiment that runs its arms with this trial. */
  public Experiment(Trial trial) {
    this(trial, System::nanoTime);
  }

  /** The same with a clock of nanoseconds. */
  Experiment(Trial trial, LongSupplier nanos) {
    this.trial = trial;
    this.nanos = nanos;
  }

  /** Runs a claim to its verdict, or until its time is up. */
  public ClaimResult run(String name, Claim claim) {
    long start = nanos.getAsLong();
    SortedMap<Long, Map<String, Map<String, Double>>> measured = new TreeMap<>();
    List<String> notes = new ArrayList<>();
    for (long seed : claim.seeds()) {
      Map<String, Map<String, Double>> arms = new LinkedHashMap<>();
      for (String arm : new TreeMap<>(claim.arms()).keySet()) {
        if (seconds(start) > claim.timeLimitMinutes() * SECONDS_PER_MINUTE) {
          break;
        }
        arms.put(arm, trial.run(claim.arms().get(arm), seed));
      }
      if (arms.size() < claim.arms().size()) {
        notes.add(
            "time limit of %s minutes reached after %d of %d seeds"
                .formatted(claim.timeLimitMinutes(), measured.size(), claim.seeds().size()));
        break;
      }
      measured.put(seed, arms);
    }
    List<ClaimResult.Tested> tests =
        claim.tests().stream().map(test -> tested(test, measured)).toList();
    Verdict verdict = Verdict.ofAll(tests.stream().map(ClaimResult.Tested::verdict).toList());
    return new ClaimResult(name, claim, verdict, tests, seconds(start), notes);
  }

  private double seconds(long start) {
    return (nanos.getAsLong() - start) / NANOS;
  }

  private static ClaimResult.Tested tested(
      Claim.Comparison test, SortedMap<Long, Map<String, Map<String, Double>>> measured) {
    SortedMap<Long, Double> baseline = new TreeMap<>();
    SortedMap<Long, Double> treatment = new TreeMap<>();
    measured.forEach(
        (seed, arms) -> {
          baseline.put(seed, value(arms.get(test.baseline()), test.metric()));
          treatment.put(seed, value(arms.get(test.treatment()), test.metric()));
        });
    if (measured.isEmpty()) {
      return new ClaimResult.Tested(test, Verdict.INCONCLUSIVE, baseline, treatment, 0, 0, 0);
    }
    double[] improvements =
        measured.keySet().stream()
            .mapToDouble(seed -> test.improvement(baseline.get(seed), treatment.get(seed)))
            .toArray();
    Interval interval = PairedBootstrap.interval(improvements, RESAMPLING_SEED);
    return new ClaimResult.Tested(
        test,
        Verdict.of(interval, test.margin(), improvements.length),
        baseline,
        treatment,
        interval.mean(),
        interval.low(),
        interval.high());
  }

  private static double value(Map<String, Double> metrics, String metric) {
    Double value = metrics.get(metric);
    if (value == null) {
      throw new ConfigException(
          "tests",
          "the run has no metric '%s'; it has %s"
              .formatted(metric, new TreeMap<>(metrics).keySet()));
    }
    return value;
  }
}
