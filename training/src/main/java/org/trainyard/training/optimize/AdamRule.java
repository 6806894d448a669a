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
    average(state[0], gradient, beta1);
    averageSquares(state[1], gradient, beta2);
    // StrictMath gives the same bits on every machine.
    double correction1 = 1 - StrictMath.pow(beta1, step);
    double correction2 = 1 - StrictMath.pow(beta2, step);
    double shrink = slice.kind() == Slice.Kind.WEIGHT ? rate * decay : 0;
    move(
        weights,
        state[0],
        state[1],
        (float) shrink,
        (float) (rate / correction1),
        (float) (1 / correction2),
        (float) epsilon);
  }

  private static void average(float[] mean, float[] gradient, double beta) {
    float kept = (float) beta;
    float added = (float) (1 - beta);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = kept * mean[i] + added * gradient[i];
    }
  }

  private static void averageSquares(float[] mean, float[] gradient, double beta) {
    float kept = (float) beta;
    float added = (float) (1 - beta);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = kept * mean[i] + added * (gradient[i] * gradient[i]);
    }
  }

  private static void move(
      float[] weights,
      float[] mean,
      float[] square,
      float shrink,
      float factor,
      float unbias,
      float epsilon) {
    for (int i = 0; i < weights.length; i++) {
      float root = (float) Math.sqrt(square[i] * unbias);
      weights[i] -= shrink * weights[i] + factor * mean[i] / (root + epsilon);
    }
  }
}
