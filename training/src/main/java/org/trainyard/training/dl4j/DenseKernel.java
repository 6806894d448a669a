package org.trainyard.training.dl4j;

import java.util.List;
import java.util.Optional;
import org.trainyard.training.model.LayerSpec.Activation;

/** A fully connected layer. */
final class DenseKernel implements Kernel {
  private final Activation activation;
  private final float[] row;
  private final float[] output;
  private final float[] biasValues;
  private Matrix weight;
  private Matrix bias;
  private Matrix weightGradient;
  private Matrix biasGradient;

  DenseKernel(int width, Activation activation) {
    this.activation = activation;
    this.row = new float[width];
    this.output = new float[width];
    this.biasValues = new float[width];
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    weight = parameters.get(0);
    bias = parameters.get(1);
    weightGradient = gradients.get(0);
    biasGradient = gradients.get(1);
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    bias.read(0, bias.rows(), biasValues);
    Blas.timesTransposed(in, weight, out);
    for (int i = 0; i < out.rows(); i++) {
      out.read(i, row, 0);
      Activations.apply(activation, row, biasValues);
      out.write(i, row, 0);
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    float[] biasSum = new float[row.length];
    for (int i = 0; i < out.rows(); i++) {
      out.read(i, output, 0);
      outGradient.read(i, row, 0);
      Activations.back(activation, row, output, row.length);
      outGradient.write(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        biasSum[j] += row[j];
      }
    }
    biasGradient.write(0, biasGradient.rows(), biasSum);
    Blas.addTransposedTimes(outGradient, in, weightGradient.clear());
    inGradient.ifPresent(wanted -> Blas.times(outGradient, weight, wanted));
  }
}
