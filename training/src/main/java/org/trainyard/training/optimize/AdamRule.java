package org.trainyard.training.optimize;

import org.trainyard.training.engine.Slice;

/**
 * The arithmetic of Adam and AdamW.
 *
 * <p>With gradient g and step t: {@code m = β₁m + (1-β₁)g}, {@code v = β₂v + (1-β₂)g²}, {@code w -=
 * rate · (m/(1-β₁ᵗ)) / (√(v/(1-β₂ᵗ)) + ε)}, and before that, for weights only, {@code w -= rate ·
 * decay · w}. State: m, v.
 *
 * <p>Single precision throughout; the factors that depend on the step alone are made in double
 * precision.
 *
 * @param learningRate base rate
 * @param beta1 share of the mean gradient that is kept
 * @param beta2 share of the mean square that is kept
 * @param epsilon added to the root
 * @param decay decoupled weight decay; 0 for Adam
 */
record AdamRule(double learningRate, double beta1, double beta2, double epsilon, double decay)
    implements UpdateRule {

  @Override
  public int stateArrays() {
    return 2;
  }

  @Override
  public void update(
      Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
    // StrictMath gives the same bits on every machine.
    double correction1 = 1 - StrictMath.pow(beta1, step);
    double correction2 = 1 - StrictMath.pow(beta2, step);
    double shrink = slice.decayed() ? rate * decay : 0;
    move(
        weights,
        gradient,
        state[0],
        state[1],
        (float) shrink,
        (float) (rate / correction1),
        (float) (1 / correction2));
  }

  /** In one pass: the arithmetic hides behind the memory. */
  private void move(
      float[] weights,
      float[] gradient,
      float[] mean,
      float[] square,
      float shrink,
      float factor,
      float unbias) {
    float kept1 = (float) beta1;
    float added1 = (float) (1 - beta1);
    float kept2 = (float) beta2;
    float added2 = (float) (1 - beta2);
    float least = (float) epsilon;
    for (int i = 0; i < weights.length; i++) {
      float slope = gradient[i];
      float first = kept1 * mean[i] + added1 * slope;
      float second = kept2 * square[i] + added2 * (slope * slope);
      mean[i] = first;
      square[i] = second;
      float root = (float) Math.sqrt(second * unbias);
      weights[i] -= shrink * weights[i] + factor * first / (root + least);
    }
  }
}
