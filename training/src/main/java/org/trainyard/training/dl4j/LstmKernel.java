package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trainyard.training.dl4j.kernel.LstmCell;

/**
 * An LSTM layer: the input's share of all gates in one product, then step by step the recurrent
 * share. At a padded step state and output are zero, so that padding on either side changes
 * nothing; where the next example of a packed sequence begins, the state starts from zero again,
 * and no gradient goes back over that place.
 */
final class LstmKernel implements Kernel {
  private final int width;
  private final LstmCell cell;
  private final Scratch gateMemory = new Scratch();
  private final Scratch recurrentMemory = new Scratch();
  private final Scratch hiddenMemory = new Scratch();
  private final Scratch shiftedMemory = new Scratch();

  private Matrix inputWeight;
  private Matrix recurrentWeight;
  private Matrix inputWeightGradient;
  private Matrix recurrentWeightGradient;
  private Matrix bias;
  private Matrix biasGradient;
  private final float[] biasValues;

  // On the heap, step by step: [steps][n, 4h], [steps + 1][n, h], [steps][n, h].
  private float[] gates = {};
  private float[] cells = {};
  private float[] squashed = {};
  // One step: [n, 4h] and [n, h].
  private float[] recurrent = {};
  private float[] hidden = {};
  private float[] cellGradient = {};
  // The output one step before, by row, zero at the first step: [n · steps, h].
  private Matrix shifted;

  LstmKernel(int width) {
    this.width = width;
    this.cell = new LstmCell(width);
    this.biasValues = new float[4 * width];
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    inputWeight = parameters.get(0);
    recurrentWeight = parameters.get(1);
    bias = parameters.get(2);
    inputWeightGradient = gradients.get(0);
    recurrentWeightGradient = gradients.get(1);
    biasGradient = gradients.get(2);
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    int n = frame.sequences();
    int steps = frame.steps();
    makeRoom(n, steps);
    bias.read(0, bias.rows(), biasValues);
    Matrix fromInput = gateMemory.matrix(frame.units(), 4 * width);
    Blas.timesTransposed(in, inputWeight, fromInput);
    Matrix fromState = recurrentMemory.matrix(n, 4 * width);
    Matrix state = hiddenMemory.matrix(n, width);
    shifted = shiftedMemory.matrix(frame.units(), width);
    Arrays.fill(cells, 0, n * width, 0);
    Arrays.fill(hidden, 0, n * width, 0);
    Arrays.fill(recurrent, 0, n * 4 * width, 0);
    for (int step = 0; step < steps; step++) {
      int gatesAt = step * n * 4 * width;
      int cellsAt = step * n * width;
      startAgain(frame, step, hidden, cells, cellsAt);
      for (int i = 0; i < n; i++) {
        int row = i * steps + step;
        fromInput.read(row, gates, gatesAt + i * 4 * width);
        shifted.write(row, hidden, i * width);
      }
      if (step > 0) {
        state.write(0, n, hidden);
        Blas.timesTransposed(state, recurrentWeight, fromState);
        fromState.read(0, n, recurrent);
      }
      int next = cellsAt + n * width;
      cell.open(n, gates, gatesAt, recurrent, biasValues);
      cell.advance(n, gates, gatesAt, cells, cellsAt, next, squashed, cellsAt, hidden);
      for (int i = 0; i < n; i++) {
        int row = i * steps + step;
        if (!frame.real(row)) {
          Arrays.fill(hidden, i * width, (i + 1) * width, 0);
          Arrays.fill(cells, next + i * width, next + (i + 1) * width, 0);
        }
        out.write(row, hidden, i * width);
      }
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    int n = frame.sequences();
    int steps = frame.steps();
    Matrix gateGradient = gateMemory.matrix(frame.units(), 4 * width);
    Matrix stepGradient = recurrentMemory.matrix(n, 4 * width);
    Matrix stateGradient = hiddenMemory.matrix(n, width);
    float[] fromNext = new float[n * width];
    float[] biasSum = new float[4 * width];
    Arrays.fill(cellGradient, 0, n * width, 0);
    for (int step = steps - 1; step >= 0; step--) {
      gather(frame, step, outGradient, fromNext);
      int cellsAt = step * n * width;
      cell.back(
          n,
          gates,
          step * n * 4 * width,
          cells,
          cellsAt,
          squashed,
          cellsAt,
          hidden,
          cellGradient,
          recurrent);
      for (int i = 0; i < n; i++) {
        gateGradient.write(i * steps + step, recurrent, i * 4 * width);
        add(recurrent, i * 4 * width, biasSum);
      }
      if (step > 0) {
        stepGradient.write(0, n, recurrent);
        Blas.times(stepGradient, recurrentWeight, stateGradient);
        stateGradient.read(0, n, fromNext);
      }
      startAgain(frame, step, fromNext, cellGradient, 0);
    }
    biasGradient.write(0, biasGradient.rows(), biasSum);
    Blas.addTransposedTimes(gateGradient, in, inputWeightGradient.clear());
    Blas.addTransposedTimes(gateGradient, shifted, recurrentWeightGradient.clear());
    inGradient.ifPresent(wanted -> Blas.times(gateGradient, inputWeight, wanted));
  }

  /** Clears the state before a step, or the derivative by it, where another example begins. */
  private void startAgain(Frame frame, int step, float[] hidden, float[] cells, int cellsAt) {
    for (int i = 0; frame.packed() && i < frame.sequences(); i++) {
      if (frame.begins(i * frame.steps() + step)) {
        Arrays.fill(hidden, i * width, (i + 1) * width, 0);
        Arrays.fill(cells, cellsAt + i * width, cellsAt + (i + 1) * width, 0);
      }
    }
  }

  /** Derivative by the output of a step, from above and from the next step; zero at padding. */
  private void gather(Frame frame, int step, Matrix outGradient, float[] fromNext) {
    for (int i = 0; i < frame.sequences(); i++) {
      int row = i * frame.steps() + step;
      int at = i * width;
      if (frame.real(row)) {
        outGradient.read(row, hidden, at);
        for (int j = at; j < at + width; j++) {
          hidden[j] += fromNext[j];
        }
      } else {
        Arrays.fill(hidden, at, at + width, 0);
        Arrays.fill(cellGradient, at, at + width, 0);
      }
    }
  }

  private static void add(float[] from, int at, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += from[at + j];
    }
  }

  private void makeRoom(int n, int steps) {
    int block = Math.multiplyExact(n, width);
    int all = Math.multiplyExact(block, steps);
    if (squashed.length < all) {
      gates = new float[Math.multiplyExact(all, 4)];
      squashed = new float[all];
    }
    if (cells.length < all + block) {
      cells = new float[all + block];
    }
    if (hidden.length < block) {
      hidden = new float[block];
      cellGradient = new float[block];
      recurrent = new float[4 * block];
    }
  }

  @Override
  public void close() {
    gateMemory.close();
    recurrentMemory.close();
    hiddenMemory.close();
    shiftedMemory.close();
  }
}
