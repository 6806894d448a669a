package org.trainyard.training.optimize;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.config.Check;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Slice;

/**
 * A rule with factors on its rate, by the names of slices. A slice that several patterns match
 * takes the product; at a rate of 0 it stays as it is.
 *
 * @param rule what is applied
 * @param factors in a fixed order, so that products have the same bits
 */
public record LayerRates(UpdateRule rule, List<Factor> factors) implements UpdateRule {
  /**
   * A factor on some slices.
   *
   * @param names of slices that it is for
   * @param value 0 or more
   */
  public record Factor(Names names, double value) implements Serializable {}

  /**
   * Checks that every pattern is for something.
   *
   * @param factors by patterns of slice names, in which {@code *} is any text
   * @throws org.trainyard.pipeline.config.ConfigException if one matches no slice
   */
  public static UpdateRule of(UpdateRule rule, Map<String, Double> factors, Layout layout) {
    return factors.isEmpty()
        ? rule
        : new LayerRates(
            rule,
            factors.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> factor(entry.getKey(), entry.getValue(), layout))
                .toList());
  }

  private static Factor factor(String pattern, double value, Layout layout) {
    Factor factor = new Factor(Names.like(pattern), value);
    Check.require(
        layout.slices().stream().anyMatch(factor.names()::has),
        "rate-factors",
        "'%s' is the name of no parameters; there are %s",
        pattern,
        layout.slices().stream().map(Slice::name).toList());
    return factor;
  }

  @Override
  public double learningRate() {
    return rule.learningRate();
  }

  @Override
  public int stateArrays() {
    return rule.stateArrays();
  }

  @Override
  public int stateLength(Slice slice, int array) {
    return rule.stateLength(slice, array);
  }

  @Override
  public boolean averages() {
    return rule.averages();
  }

  @Override
  public void update(
      Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
    double own = rate;
    for (Factor factor : factors) {
      own *= factor.names().has(slice) ? factor.value() : 1;
    }
    rule.update(slice, weights, gradient, state, step, own);
  }
}
