package org.trainyard.training.dl4j.kernel;

/**
 * Softmax with cross-entropy of one unit at a time, against an integer target. Keeps scratch
 * memory, so one for each thread.
 *
 * <p>The loss is {@code ln Σ exp(zⱼ - max) + max - z_target}, in nats, the sum in double precision.
 */
public final class SoftmaxCrossEntropy {
  private final int classes;
  private final float[] powers;

  /**
   * @param classes number of outputs, k
   */
  public SoftmaxCrossEntropy(int classes) {
    this.classes = classes;
    this.powers = new float[classes];
  }

  /**
   * Adds the bias and makes probabilities.
   *
   * @param logits becomes the probabilities, shape [k]
   * @param bias shape [k]
   * @return what the largest logit plus the logarithm of the sum was: {@code ln Σ exp zⱼ}
   */
  public double probabilities(float[] logits, float[] bias) {
    add(logits, bias, classes);
    float largest = VectorMath.largest(logits, classes);
    double sum = VectorMath.exp(logits, powers, classes, largest);
    scale(logits, (float) (1 / sum), classes);
    return largest + StrictMath.log(sum);
  }

  /**
   * Loss and gradient of one unit.
   *
   * @param logits without bias; becomes the derivative of the weighted loss by the logits, shape
   *     [k]
   * @param bias shape [k]
   * @param target 0 to k - 1
   * @param weight of this unit
   * @return its loss, not weighted, in nats
   */
  public double lossAndGradient(float[] logits, float[] bias, int target, float weight) {
    float wanted = logits[target] + bias[target];
    double loss = probabilities(logits, bias) - wanted;
    logits[target] -= 1;
    if (weight != 1) {
      scale(logits, weight, classes);
    }
    return loss;
  }

  /**
   * Loss of one unit.
   *
   * @param logits without bias; is overwritten, shape [k]
   * @param bias shape [k]
   * @param target 0 to k - 1
   * @return its loss in nats
   */
  public double loss(float[] logits, float[] bias, int target) {
    float wanted = logits[target] + bias[target];
    return probabilities(logits, bias) - wanted;
  }

  /** Index of the largest value, the first of equal ones. */
  public static int argmax(float[] values, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static void add(float[] values, float[] other, int count) {
    for (int i = 0; i < count; i++) {
      values[i] += other[i];
    }
  }

  private static void scale(float[] values, float factor, int count) {
    for (int i = 0; i < count; i++) {
      values[i] *= factor;
    }
  }
}
