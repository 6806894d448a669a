package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trainyard.training.engine.Scores;

/**
 * The last layer of a regression: a projection {@code y = W x + b} and the squared error against
 * values {@code t}, {@code 1/k · Σⱼ (yⱼ - tⱼ)²} for each example.
 */
final class SquaredErrorKernel implements OutputKernel {
  private final int width;
  private final float[] row;
  private final float[] biasValues;
  private final Scratch outMemory = new Scratch();
  private Matrix weight;
  private Matrix bias;
  private Matrix weightGradient;
  private Matrix biasGradient;

  /**
   * @param width values of an example
   */
  SquaredErrorKernel(int width) {
    this.width = width;
    this.row = new float[width];
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
  public double lossAndGradient(Frame frame, Matrix in, Optional<Matrix> inGradient) {
    Matrix out = outMemory.matrix(in.rows(), width);
    forward(frame, in, out);
    double loss = 0;
    for (int example = 0; example < out.rows(); example++) {
      out.read(example, row, 0);
      loss += frame.weight(example) * errors(frame, example);
      float share = 2 * frame.weight(example) / width;
      for (int j = 0; j < width; j++) {
        row[j] *= share;
      }
      out.write(example, row, 0);
    }
    backward(frame, in, out, out, inGradient);
    return loss;
  }

  /** Makes the row's outputs their differences from the targets; returns their mean square. */
  private double errors(Frame frame, int example) {
    if (frame.valuesOfExample() != width) {
      throw new IllegalArgumentException(
          "The target of an example is %d values, but the model predicts %d"
              .formatted(frame.valuesOfExample(), width));
    }
    double sum = 0;
    for (int j = 0; j < width; j++) {
      row[j] -= frame.value(example, j);
      sum += (double) row[j] * row[j];
    }
    return sum / width;
  }

  @Override
  public double weight(Frame frame) {
    double sum = 0;
    for (int example = 0; example < frame.examples(); example++) {
      sum += frame.weight(example);
    }
    return sum;
  }

  @Override
  public Scores score(Frame frame, Matrix in) {
    Matrix out = outMemory.matrix(in.rows(), width);
    forward(frame, in, out);
    int n = out.rows();
    double[] loss = new double[n];
    long[] units = new long[n];
    Arrays.fill(units, 1);
    int[] predicted = new int[n];
    Arrays.fill(predicted, -1);
    for (int example = 0; example < n; example++) {
      out.read(example, row, 0);
      loss[example] = errors(frame, example);
    }
    return new Scores(loss, units, new long[n], predicted);
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    bias.read(0, width, biasValues);
    Blas.timesTransposed(in, weight, out);
    for (int example = 0; example < out.rows(); example++) {
      out.read(example, row, 0);
      for (int j = 0; j < width; j++) {
        row[j] += biasValues[j];
      }
      out.write(example, row, 0);
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    float[] biasSum = new float[width];
    for (int example = 0; example < outGradient.rows(); example++) {
      outGradient.read(example, row, 0);
      for (int j = 0; j < width; j++) {
        biasSum[j] += row[j];
      }
    }
    biasGradient.write(0, width, biasSum);
    Blas.addTransposedTimes(outGradient, in, weightGradient.clear());
    inGradient.ifPresent(wanted -> Blas.times(outGradient, weight, wanted));
  }

  @Override
  public void close() {
    outMemory.close();
  }
}
