package org.trainyard.training.dl4j;

import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.kernel.Permutation;
import org.trainyard.training.dl4j.kernel.DropoutMask;

/**
 * Drops values in training. Which ones depends on the pass's seed, the layer and the place alone.
 */
final class DropoutKernel implements Kernel {
  private final DropoutMask mask;
  private final long salt;
  private float[] values = {};

  /**
   * @param rate share that is dropped
   * @param name of the layer: layers of one network drop different values
   */
  DropoutKernel(double rate, String name) {
    this.mask = new DropoutMask(rate);
    this.salt = Permutation.mix(name.hashCode());
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    // It has none.
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    drop(frame, in, out);
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    inGradient.ifPresent(wanted -> drop(frame, outGradient, wanted));
  }

  private void drop(Frame frame, Matrix from, Matrix to) {
    int columns = from.columns();
    if (values.length < columns) {
      values = new float[columns];
    }
    int steps = Math.max(1, from.rows() / Math.max(1, frame.sequences()));
    for (int row = 0; row < from.rows(); row++) {
      from.read(row, values, 0);
      if (frame.training()) {
        // By example and step, so that the amount of padding does not matter.
        long place = (long) (row / steps) << 32 | row % steps;
        mask.apply(values, 0, columns, frame.seed() ^ salt, place);
      }
      to.write(row, values, 0);
    }
  }
}
