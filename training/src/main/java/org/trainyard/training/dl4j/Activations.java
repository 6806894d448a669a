package org.trainyard.training.dl4j;

import org.trainyard.training.dl4j.kernel.VectorMath;
import org.trainyard.training.model.LayerSpec.Activation;

/** Activation functions over a row, and their derivatives from what they gave. */
final class Activations {
  private Activations() {}

  /** Adds the bias and applies the function, in place. */
  static void apply(Activation function, float[] row, float[] bias) {
    for (int j = 0; j < bias.length; j++) {
      row[j] += bias[j];
    }
    switch (function) {
      case IDENTITY -> {}
      case RELU -> {
        for (int j = 0; j < bias.length; j++) {
          row[j] = Math.max(0, row[j]);
        }
      }
      case TANH -> VectorMath.tanh(row, 0, bias.length);
    }
  }

  /**
   * Multiplies a derivative by that of the function, in place.
   *
   * @param out what the function gave
   */
  static void back(Activation function, float[] gradient, float[] out, int count) {
    switch (function) {
      case IDENTITY -> {}
      case RELU -> {
        for (int j = 0; j < count; j++) {
          gradient[j] = out[j] > 0 ? gradient[j] : 0;
        }
      }
      case TANH -> {
        for (int j = 0; j < count; j++) {
          gradient[j] *= 1 - out[j] * out[j];
        }
      }
    }
  }
}
