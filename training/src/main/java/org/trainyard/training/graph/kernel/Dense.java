package org.trainyard.training.graph.kernel;

import java.util.Arrays;

/**
 * Fully connected layers and their loss on row-major matrices of singles. Weights are {@code [out,
 * in]}; inner loops run over neighbours in memory, so that the compiler makes them vector
 * instructions. A product over r rows takes {@code r · in · out} multiply-adds.
 */
public final class Dense {
  private Dense() {}

  /**
   * {@code x Wᵀ + b}.
   *
   * @param x shape [rows, in]
   * @return shape [rows, out]
   */
  public static float[] forward(
      float[] x, int rows, int in, float[] weight, float[] bias, int out) {
    float[] turned = new float[in * out];
    for (int k = 0; k < in; k++) {
      for (int j = 0; j < out; j++) {
        turned[k * out + j] = weight[j * in + k];
      }
    }
    float[] y = new float[Math.multiplyExact(rows, out)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(bias, 0, y, row * out, out);
      for (int k = 0; k < in; k++) {
        add(turned, k * out, y, row * out, out, x[row * in + k]);
      }
    }
    return y;
  }

  /**
   * Gradients of the weights, {@code gᵀ x}, and of the bias, the sum of g.
   *
   * @param x what came in, shape [rows, in]
   * @param slopes derivatives by what went out, g, shape [rows, out]
   * @param weight is overwritten, shape [out, in]
   * @param bias is overwritten, shape [out]
   */
  public static void gradient(
      float[] x, float[] slopes, int rows, int in, int out, float[] weight, float[] bias) {
    Arrays.fill(weight, 0);
    Arrays.fill(bias, 0);
    for (int row = 0; row < rows; row++) {
      add(slopes, row * out, bias, 0, out, 1);
      for (int j = 0; j < out; j++) {
        add(x, row * in, weight, j * in, in, slopes[row * out + j]);
      }
    }
  }

  /**
   * Derivatives by what came in, {@code g W}.
   *
   * @param slopes derivatives by what went out, g, shape [rows, out]
   * @return shape [rows, in]
   */
  public static float[] back(float[] slopes, int rows, int in, float[] weight, int out) {
    float[] back = new float[Math.multiplyExact(rows, in)];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < out; j++) {
        add(weight, j * in, back, row * in, in, slopes[row * out + j]);
      }
    }
    return back;
  }

  private static void add(float[] from, int at, float[] into, int to, int length, float factor) {
    for (int i = 0; i < length; i++) {
      into[to + i] += factor * from[at + i];
    }
  }

  /** Softmax of each row, in place. */
  public static void softmax(float[] logits, int rows, int classes) {
    for (int row = 0; row < rows; row++) {
      int from = row * classes;
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = from; j < from + classes; j++) {
        largest = Math.max(largest, logits[j]);
      }
      double sum = 0;
      for (int j = from; j < from + classes; j++) {
        logits[j] = (float) StrictMath.exp(logits[j] - largest);
        sum += logits[j];
      }
      for (int j = from; j < from + classes; j++) {
        logits[j] = (float) (logits[j] / sum);
      }
    }
  }

  /**
   * Cross-entropy of one row of probabilities, in nats; 103 at most, where a probability is too
   * small for a single.
   */
  public static double loss(float[] probabilities, int from, int label) {
    return -StrictMath.log(Math.max(probabilities[from + label], Float.MIN_VALUE));
  }
}
