package org.trainyard.training.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.trainyard.training.engine.Slice;

@DisplayName("GaLore")
class GaLoreTest {
  private static final double RATE = 0.05;
  private static final String SETTINGS =
      "galore: {learning-rate: 0.05, rank: %d, period: 3, scale: 0.25, weight-decay: 0.1}";

  @ParameterizedTest
  @CsvSource({"8, 5, 2", "5, 8, 2", "6, 6, 1"})
  void takesTheStepsOfAdamInTheBasisOfTheGradient(int rows, int columns, int rank) {
    UpdateRule rule = UpdateRulesTest.rule(SETTINGS.formatted(rank));
    Slice slice = weight("dense.weight", rows, columns);
    SplittableRandom random = new SplittableRandom(7);
    float[] weights = random(random, rows * columns);
    float[][] state = state(rule, slice);
    boolean tall = rows >= columns;
    for (long step = 1; step <= 7; step++) {
      float[] gradient = random(random, rows * columns);
      RealMatrix before = matrix(weights, rows, columns);
      RealMatrix g = matrix(gradient, rows, columns);
      float[][] old = {state[0].clone(), state[1].clone(), state[2].clone()};
      rule.update(slice, weights, gradient, state, step, RATE);

      if (step % 3 == 1) {
        SingularValueDecomposition svd = new SingularValueDecomposition(g);
        RealMatrix vectors = tall ? svd.getV() : svd.getU();
        RealMatrix best = vectors.getSubMatrix(0, Math.min(rows, columns) - 1, 0, rank - 1);
        RealMatrix found = matrix(state[2], Math.min(rows, columns), rank);
        assertThat(
                found
                    .multiply(found.transpose())
                    .subtract(best.multiply(best.transpose()))
                    .getFrobeniusNorm())
            .isCloseTo(0, within(1e-5));
      } else {
        assertThat(state[2]).isEqualTo(old[2]);
      }
      RealMatrix basis = matrix(state[2], Math.min(rows, columns), rank);
      RealMatrix small = tall ? g.multiply(basis) : basis.transpose().multiply(g);
      RealMatrix move = small.createMatrix(small.getRowDimension(), small.getColumnDimension());
      for (int i = 0; i < state[0].length; i++) {
        int row = i / small.getColumnDimension();
        int column = i % small.getColumnDimension();
        double slope = small.getEntry(row, column);
        double mean = 0.9 * old[0][i] + 0.1 * slope;
        double square = 0.999 * old[1][i] + 0.001 * slope * slope;
        move.setEntry(
            row,
            column,
            mean
                / (1 - Math.pow(0.9, step))
                / (Math.sqrt(square / (1 - Math.pow(0.999, step))) + 1e-8));
      }
      RealMatrix back = tall ? move.multiply(basis.transpose()) : basis.multiply(move);
      RealMatrix expected =
          before.scalarMultiply(1 - RATE * 0.1).subtract(back.scalarMultiply(RATE * 0.25));
      assertThat(matrix(weights, rows, columns).subtract(expected).getNorm())
          .isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void keepsAsManyNumbersAsThePaperSays() {
    UpdateRule rule = UpdateRulesTest.rule(SETTINGS.formatted(4));
    Slice wide = weight("dense.weight", 64, 16);
    assertThat(state(rule, wide)).hasNumberOfRows(3);
    assertThat(numbers(rule, wide)).isEqualTo(2 * 64 * 4 + 16 * 4);
    assertThat(numbers(rule, weight("dense.weight", 4, 64))).isEqualTo(2 * 4 * 64);
    assertThat(numbers(rule, weight("embedding.weight", 64, 16))).isEqualTo(2 * 64 * 16);
  }

  @Test
  void isAdamWhereItDoesNotProject() {
    Slice bias = new Slice("dense.bias", 0, new int[] {6}, Slice.Kind.BIAS, "dense");
    float[] ours = {1, 2, 3, 4, 5, 6};
    float[] adams = ours.clone();
    float[] gradient = {1, -1, 0, 2, -2, 0.5f};
    UpdateRule galore = UpdateRulesTest.rule(SETTINGS.formatted(2));
    galore.update(bias, ours, gradient, state(galore, bias), 1, RATE);
    UpdateRule adam = UpdateRulesTest.rule("adam: {}");
    adam.update(bias, adams, gradient, state(adam, bias), 1, RATE);
    assertThat(ours).isEqualTo(adams);
  }

  private static long numbers(UpdateRule rule, Slice slice) {
    long numbers = 0;
    for (float[] array : state(rule, slice)) {
      numbers += array.length;
    }
    return numbers;
  }

  private static float[][] state(UpdateRule rule, Slice slice) {
    float[][] state = new float[rule.stateArrays()][];
    for (int i = 0; i < state.length; i++) {
      state[i] = new float[rule.stateLength(slice, i)];
    }
    return state;
  }

  private static Slice weight(String name, int rows, int columns) {
    return new Slice(name, 0, new int[] {rows, columns}, Slice.Kind.WEIGHT, "layer");
  }

  private static float[] random(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }

  private static RealMatrix matrix(float[] values, int rows, int columns) {
    RealMatrix matrix = new Array2DRowRealMatrix(rows, columns);
    for (int i = 0; i < values.length; i++) {
      matrix.setEntry(i / columns, i % columns, values[i]);
    }
    return matrix;
  }
}
