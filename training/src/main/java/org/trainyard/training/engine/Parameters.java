package org.trainyard.training.engine;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Values of a layout: one {@code float[]} per slice, so that the total may pass 2^31. Gradients and
 * optimizer states have the same form.
 */
public final class Parameters implements Serializable {
  private static final long serialVersionUID = 1;
  private final float[][] slices;

  private Parameters(float[][] slices) {
    this.slices = slices;
  }

  /** All zeros. */
  public static Parameters zeros(Layout layout) {
    return new Parameters(
        layout.slices().stream().map(slice -> new float[slice.length()]).toArray(float[][]::new));
  }

  /** Takes the arrays as they are; they are not copied. */
  public static Parameters of(float[]... slices) {
    return new Parameters(slices);
  }

  /** Number of slices. */
  public int count() {
    return slices.length;
  }

  /** The values of a slice: the array itself, so that kernels work in place. */
  public float[] slice(int index) {
    return slices[index];
  }

  /** Number of all values. */
  public long length() {
    long length = 0;
    for (float[] slice : slices) {
      length += slice.length;
    }
    return length;
  }

  /** A copy that shares nothing. */
  public Parameters copy() {
    return new Parameters(Arrays.stream(slices).map(float[]::clone).toArray(float[][]::new));
  }

  /** Takes over the values of another of the same form. */
  public Parameters set(Parameters from) {
    for (int i = 0; i < slices.length; i++) {
      System.arraycopy(from.slices[i], 0, slices[i], 0, slices[i].length);
    }
    return this;
  }

  /** Adds {@code factor · other}, element by element, in single precision. */
  public Parameters add(Parameters other, float factor) {
    for (int i = 0; i < slices.length; i++) {
      float[] to = slices[i];
      float[] from = other.slices[i];
      for (int j = 0; j < to.length; j++) {
        to[j] += factor * from[j];
      }
    }
    return this;
  }

  /** Multiplies every element. */
  public Parameters scale(float factor) {
    for (float[] slice : slices) {
      for (int j = 0; j < slice.length; j++) {
        slice[j] *= factor;
      }
    }
    return this;
  }

  /** Euclidean norm, summed in double precision in slice order. */
  public double norm() {
    double sum = 0;
    for (float[] slice : slices) {
      for (float value : slice) {
        sum += (double) value * value;
      }
    }
    return Math.sqrt(sum);
  }

  /** Whether no element is NaN or infinite. */
  public boolean finite() {
    FiniteCheck check = new FiniteCheck();
    for (float[] slice : slices) {
      check.see(slice, 0, slice.length);
    }
    return check.passed();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Parameters that && Arrays.deepEquals(slices, that.slices);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(slices);
  }
}
