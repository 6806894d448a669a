package org.trainyard.training.dl4j;

import java.util.List;
import java.util.Optional;

/** Looks up the vectors of token ids, which stand in the frame. Padding gets zeros. */
final class EmbeddingKernel implements Kernel {
  private final int vocabulary;
  private final float[] vector;
  private final float[] sum;
  private Matrix table;
  private Matrix tableGradient;

  EmbeddingKernel(int vocabulary, int width) {
    this.vocabulary = vocabulary;
    this.vector = new float[width];
    this.sum = new float[width];
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    table = parameters.get(0);
    tableGradient = gradients.get(0);
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    if (!frame.full()) {
      out.clear();
    }
    for (int row = 0; row < frame.units(); row++) {
      if (frame.real(row)) {
        table.read(known(frame.id(row), row), vector, 0);
        out.write(row, vector, 0);
      }
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    tableGradient.clear();
    for (int row = 0; row < frame.units(); row++) {
      if (frame.real(row)) {
        int id = frame.id(row);
        outGradient.read(row, vector, 0);
        tableGradient.read(id, sum, 0);
        for (int j = 0; j < sum.length; j++) {
          sum[j] += vector[j];
        }
        tableGradient.write(id, sum, 0);
      }
    }
  }

  private int known(int id, int row) {
    if (id < 0 || id >= vocabulary) {
      throw new IllegalArgumentException(
          "Token id %d in row %d of a batch is not one of the model's 0 to %d"
              .formatted(id, row, vocabulary - 1));
    }
    return id;
  }
}
