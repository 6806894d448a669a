package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trainyard.training.dl4j.kernel.SoftmaxCrossEntropy;
import org.trainyard.training.dl4j.kernel.VectorMath;
import org.trainyard.training.engine.Scores;

/**
 * The last layer: a projection, softmax, and cross-entropy against integer targets. Works on the
 * counted rows only, a block at a time, so that neither one-hot targets nor the logits of a whole
 * batch are ever in memory.
 */
final class SoftmaxKernel implements OutputKernel {
  /** Logits of a block of a vocabulary of 2,048 fill 2 MB: they stay in the second-level cache. */
  private static final int BLOCK_VALUES = 1 << 19;

  private final int classes;
  private final boolean perUnit;
  private final SoftmaxCrossEntropy softmax;
  private final float[] logits;
  private final float[] biasValues;
  private final float[] cotangents;
  private final Scratch inputMemory = new Scratch();
  private final Scratch logitMemory = new Scratch();
  private final Scratch gradientMemory = new Scratch();
  private float[] features = {};
  private int[] counted = {};
  private Matrix weight;
  private Matrix bias;
  private Matrix weightGradient;
  private Matrix biasGradient;

  /**
   * @param perUnit whether each unit of a sequence has a target, or each example
   */
  SoftmaxKernel(int classes, boolean perUnit) {
    this.classes = classes;
    this.perUnit = perUnit;
    this.softmax = new SoftmaxCrossEntropy(classes);
    this.logits = new float[classes];
    this.cotangents = new float[classes];
    this.biasValues = new float[classes];
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
    int count = count(frame, in.rows(), false);
    begin(in);
    weightGradient.clear();
    inGradient.ifPresent(Matrix::clear);
    float[] biasSum = new float[classes];
    double loss = 0;
    for (int from = 0; from < count; from += block()) {
      int size = Math.min(block(), count - from);
      Matrix rows = gather(in, from, size);
      Matrix block = project(rows, size);
      for (int i = 0; i < size; i++) {
        int row = counted[from + i];
        float share = frame.weight(example(frame, row));
        block.read(i, logits, 0);
        loss += share * softmax.lossAndGradient(logits, biasValues, target(frame, row), share);
        block.write(i, logits, 0);
        add(logits, biasSum);
      }
      Blas.addTransposedTimes(block, rows, weightGradient);
      scatter(block, from, size, inGradient);
    }
    biasGradient.write(0, classes, biasSum);
    return loss;
  }

  @Override
  public double weight(Frame frame) {
    int rows = perUnit ? frame.units() : frame.sequences();
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      if (counts(frame, row)) {
        sum += frame.weight(example(frame, row));
      }
    }
    return sum;
  }

  @Override
  public Scores score(Frame frame, Matrix in) {
    int count = count(frame, in.rows(), true);
    begin(in);
    int n = frame.examples();
    double[] loss = new double[n];
    long[] units = new long[n];
    long[] hits = new long[n];
    int[] predicted = new int[n];
    Arrays.fill(predicted, -1);
    for (int from = 0; from < count; from += block()) {
      int size = Math.min(block(), count - from);
      Matrix block = project(gather(in, from, size), size);
      for (int i = 0; i < size; i++) {
        int row = counted[from + i];
        int example = example(frame, row);
        int target = target(frame, row);
        block.read(i, logits, 0);
        loss[example] += softmax.loss(logits, biasValues, target);
        units[example]++;
        hits[example] += logits[target] >= VectorMath.largest(logits, classes) ? 1 : 0;
        if (!perUnit) {
          predicted[example] = SoftmaxCrossEntropy.argmax(logits, classes);
        }
      }
    }
    return new Scores(loss, units, hits, predicted);
  }

  /** Probabilities of all rows, padding included. */
  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    bias.read(0, classes, biasValues);
    Blas.timesTransposed(in, weight, out);
    for (int row = 0; row < out.rows(); row++) {
      out.read(row, logits, 0);
      softmax.probabilities(logits, biasValues);
      out.write(row, logits, 0);
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    float[] biasSum = new float[classes];
    for (int row = 0; row < out.rows(); row++) {
      out.read(row, logits, 0);
      outGradient.read(row, cotangents, 0);
      double mean = 0;
      for (int j = 0; j < classes; j++) {
        mean += (double) logits[j] * cotangents[j];
      }
      for (int j = 0; j < classes; j++) {
        logits[j] *= cotangents[j] - (float) mean;
      }
      add(logits, biasSum);
      outGradient.write(row, logits, 0);
    }
    biasGradient.write(0, classes, biasSum);
    Blas.addTransposedTimes(outGradient, in, weightGradient.clear());
    inGradient.ifPresent(wanted -> Blas.times(outGradient, weight, wanted));
  }

  private void begin(Matrix in) {
    bias.read(0, classes, biasValues);
    if (features.length < in.columns()) {
      features = new float[in.columns()];
    }
  }

  private int block() {
    return Math.max(1, Math.min(1024, BLOCK_VALUES / classes));
  }

  /**
   * Lists the rows that count; a weight of zero takes a row out of training, not out of scoring.
   */
  private int count(Frame frame, int rows, boolean scoring) {
    if (counted.length < rows) {
      counted = new int[rows];
    }
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (counts(frame, row) && (scoring || frame.weight(example(frame, row)) != 0)) {
        counted[count++] = row;
      }
    }
    return count;
  }

  private boolean counts(Frame frame, int row) {
    return !perUnit || frame.real(row);
  }

  private int example(Frame frame, int row) {
    return perUnit ? frame.example(row) : row;
  }

  private int target(Frame frame, int row) {
    int target = frame.target(row);
    if (target < 0 || target >= classes) {
      throw new IllegalArgumentException(
          "Target %d in row %d of a batch is not one of the model's 0 to %d"
              .formatted(target, row, classes - 1));
    }
    return target;
  }

  /** The counted rows of a block, one after the other: the input itself if none is left out. */
  private Matrix gather(Matrix in, int from, int size) {
    if (adjacent(from, size)) {
      return in.rows(counted[from], size);
    }
    Matrix rows = inputMemory.matrix(size, in.columns());
    for (int i = 0; i < size; i++) {
      in.read(counted[from + i], features, 0);
      rows.write(i, features, 0);
    }
    return rows;
  }

  private Matrix project(Matrix rows, int size) {
    Matrix block = logitMemory.matrix(size, classes);
    Blas.timesTransposed(rows, weight, block);
    return block;
  }

  private void scatter(Matrix block, int from, int size, Optional<Matrix> inGradient) {
    if (inGradient.isEmpty()) {
      return;
    }
    Matrix wanted = inGradient.get();
    if (adjacent(from, size)) {
      Blas.times(block, weight, wanted.rows(counted[from], size));
      return;
    }
    Matrix rows = gradientMemory.matrix(size, wanted.columns());
    Blas.times(block, weight, rows);
    for (int i = 0; i < size; i++) {
      rows.read(i, features, 0);
      wanted.write(counted[from + i], features, 0);
    }
  }

  private boolean adjacent(int from, int size) {
    return counted[from + size - 1] - counted[from] == size - 1;
  }

  private static void add(float[] row, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += row[j];
    }
  }

  @Override
  public void close() {
    inputMemory.close();
    logitMemory.close();
    gradientMemory.close();
  }
}
