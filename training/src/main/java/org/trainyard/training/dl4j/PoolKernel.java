package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The largest value over time, or the mean, of each feature. Padding plays no part; an example of
 * nothing but padding gives zeros.
 */
final class PoolKernel implements Kernel {
  private final boolean largest;
  private int[] chosen = {};
  private float[] row = {};
  private float[] pooled = {};

  PoolKernel(boolean largest) {
    this.largest = largest;
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    // It has none.
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    int width = in.columns();
    row = new float[width];
    pooled = new float[width];
    if (chosen.length < frame.sequences() * width) {
      chosen = new int[frame.sequences() * width];
    }
    for (int i = 0; i < frame.sequences(); i++) {
      if (real(frame, i) == 0) {
        Arrays.fill(pooled, 0);
      } else if (largest) {
        takeLargest(frame, i, in);
      } else {
        takeMean(frame, i, in);
      }
      out.write(i, pooled, 0);
    }
  }

  private void takeLargest(Frame frame, int i, Matrix in) {
    int width = row.length;
    Arrays.fill(pooled, Float.NEGATIVE_INFINITY);
    Arrays.fill(chosen, i * width, (i + 1) * width, -1);
    for (int at = i * frame.steps(); at < (i + 1) * frame.steps(); at++) {
      if (frame.real(at)) {
        in.read(at, row, 0);
        for (int j = 0; j < width; j++) {
          // NaN wins, so that it is seen.
          if (!(row[j] <= pooled[j])) {
            pooled[j] = row[j];
            chosen[i * width + j] = at;
          }
        }
      }
    }
  }

  private void takeMean(Frame frame, int i, Matrix in) {
    Arrays.fill(pooled, 0);
    for (int at = i * frame.steps(); at < (i + 1) * frame.steps(); at++) {
      if (frame.real(at)) {
        in.read(at, row, 0);
        for (int j = 0; j < row.length; j++) {
          pooled[j] += row[j];
        }
      }
    }
    float share = 1f / real(frame, i);
    for (int j = 0; j < row.length; j++) {
      pooled[j] *= share;
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    inGradient.ifPresent(wanted -> spread(frame, outGradient, wanted.clear()));
  }

  private void spread(Frame frame, Matrix outGradient, Matrix wanted) {
    for (int i = 0; i < frame.sequences(); i++) {
      int real = real(frame, i);
      if (real == 0) {
        continue;
      }
      outGradient.read(i, pooled, 0);
      if (largest) {
        for (int j = 0; j < row.length; j++) {
          wanted.set(chosen[i * row.length + j], j, pooled[j]);
        }
      } else {
        for (int j = 0; j < row.length; j++) {
          row[j] = pooled[j] / real;
        }
        for (int at = i * frame.steps(); at < (i + 1) * frame.steps(); at++) {
          if (frame.real(at)) {
            wanted.write(at, row, 0);
          }
        }
      }
    }
  }

  private static int real(Frame frame, int example) {
    int real = 0;
    for (int at = example * frame.steps(); at < (example + 1) * frame.steps(); at++) {
      real += frame.real(at) ? 1 : 0;
    }
    return real;
  }
}
