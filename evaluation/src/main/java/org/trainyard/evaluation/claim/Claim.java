package org.trainyard.evaluation.claim;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/**
 * A paired, seeded, bounded experiment over a technique, written as a YAML file. Its promises are
 * told apart in advance: what is measured, which way, and by how much.
 *
 * @param title one sentence that can be true or false
 * @param paper number in the catalogue, title and identifier
 * @param promise what the paper says, in our words
 * @param pipeline pipeline file, relative to the claim's file
 * @param arms name to the settings that it overrides, each {@code step.key: value}
 * @param tests what is compared; the claim is shown if all of them are
 * @param seeds one run of every arm for each; pairs are formed by seed
 * @param timeLimitMinutes no further run is started after it
 * @param budget how many settings of each arm were tried before, so that no arm is tuned more
 * @param limits what the experiment does not say
 */
public record Claim(
    @Setting(help = "one sentence that can be true or false") String title,
    @Setting(help = "number in the catalogue, title and identifier of the source") String paper,
    @Setting(help = "what the source says, in own words") String promise,
    @Setting(help = "pipeline file, relative to this file") String pipeline,
    @Setting(help = "name of each arm and the settings that it overrides")
        Map<String, Map<String, String>> arms,
    @Setting(help = "comparisons; the claim is shown if every one is") List<Comparison> tests,
    @Setting(help = "a run of every arm for each seed") List<Long> seeds,
    @Setting(help = "minutes after which no further run is started", standard = "10", min = 0)
        double timeLimitMinutes,
    @Setting(help = "how many settings of each arm were tried before") String budget,
    @Setting(help = "what the experiment does not say", standard = "[]") List<String> limits) {

  /** Which way a metric gets better. */
  public enum Direction {
    /** Less is better. */
    LOWER,
    /** More is better. */
    HIGHER
  }

  /**
   * One metric in two arms.
   *
   * @param what the metric in words
   * @param metric {@code step.metric}
   * @param baseline arm without the technique
   * @param treatment arm with it
   * @param direction which way the treatment is promised to move the metric
   * @param margin by how much more than nothing, in the metric's unit; negative if it may get worse
   *     by that much
   */
  public record Comparison(
      @Setting(help = "the metric in words") String what,
      @Setting(help = "step.metric") String metric,
      @Setting(help = "arm without the technique") String baseline,
      @Setting(help = "arm with it") String treatment,
      @Setting(help = "which way it gets better") Direction direction,
      @Setting(help = "what the improvement must exceed, in the metric's unit", standard = "0")
          double margin) {

    /** Checks the form of the metric. */
    public Comparison {
      Check.require(
          metric.matches("[^.]+\\.[^.]+"), "metric", "must be <step>.<metric>, but is %s", metric);
      Check.require(
          !baseline.equals(treatment), "treatment", "must differ from the baseline %s", baseline);
    }

    /** How much better the treatment is; positive is the promised direction. */
    public double improvement(double baselineValue, double treatmentValue) {
      return direction == Direction.HIGHER
          ? treatmentValue - baselineValue
          : baselineValue - treatmentValue;
    }
  }

  /** Checks that tests name arms and that seeds differ. */
  public Claim {
    arms = Map.copyOf(arms);
    tests = List.copyOf(tests);
    seeds = List.copyOf(seeds);
    limits = List.copyOf(limits);
    Check.require(!tests.isEmpty(), "tests", "must name at least one comparison");
    Check.require(!seeds.isEmpty(), "seeds", "must name at least one seed");
    Check.require(
        new HashSet<>(seeds).size() == seeds.size(), "seeds", "must differ, but are %s", seeds);
    for (int i = 0; i < tests.size(); i++) {
      for (String arm : List.of(tests.get(i).baseline(), tests.get(i).treatment())) {
        Check.require(
            arms.containsKey(arm),
            "tests." + i,
            "'%s' is not an arm; arms are %s",
            arm,
            arms.keySet());
      }
    }
  }
}
