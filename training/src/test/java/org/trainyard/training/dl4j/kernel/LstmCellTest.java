package org.trainyard.training.dl4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("LSTM cell")
class LstmCellTest {
  private static final int N = 3;
  private static final int H = 5;
  private final LstmCell cell = new LstmCell(H);
  private final float[] input = random(N * 4 * H, 1);
  private final float[] recurrent = random(N * 4 * H, 2);
  private final float[] bias = random(4 * H, 3);
  private final float[] before = random(N * H, 4);

  @Test
  void followsItsFormula() {
    Step step = forward(before);
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < H; j++) {
        double[] gates = new double[4];
        for (int k = 0; k < 4; k++) {
          int at = i * 4 * H + k * H + j;
          gates[k] = input[at] + recurrent[at] + bias[k * H + j];
        }
        double kept = sigmoid(gates[1]) * before[i * H + j];
        double next = kept + sigmoid(gates[0]) * Math.tanh(gates[2]);
        assertThat((double) step.cells[N * H + i * H + j]).isCloseTo(next, within(1e-6));
        assertThat((double) step.hidden[i * H + j])
            .isCloseTo(sigmoid(gates[3]) * Math.tanh(next), within(1e-6));
      }
    }
  }

  @Test
  void goesBackAlongItsSlope() {
    float[] fromHidden = random(N * H, 5);
    float[] fromCells = random(N * H, 6);
    Step step = forward(before);
    float[] cellGradient = fromCells.clone();
    float[] gateGradient = new float[N * 4 * H];
    cell.back(
        N, step.gates, 0, step.cells, 0, step.squashed, 0, fromHidden, cellGradient, gateGradient);
    float small = 1e-2f;
    for (int at : new int[] {0, 7, 12, 19, 23, 41, 59}) {
      float kept = input[at];
      input[at] = kept + small;
      double above = value(fromHidden, fromCells, before);
      input[at] = kept - small;
      double below = value(fromHidden, fromCells, before);
      input[at] = kept;
      assertThat((double) gateGradient[at]).isCloseTo((above - below) / (2 * small), within(1e-4));
    }
    float[] moved = before.clone();
    moved[8] += small;
    double above = value(fromHidden, fromCells, moved);
    moved[8] -= 2 * small;
    double below = value(fromHidden, fromCells, moved);
    assertThat((double) cellGradient[8]).isCloseTo((above - below) / (2 * small), within(1e-4));
  }

  private double value(float[] fromHidden, float[] fromCells, float[] cells) {
    Step step = forward(cells);
    double value = 0;
    for (int i = 0; i < N * H; i++) {
      value += fromHidden[i] * step.hidden[i] + fromCells[i] * step.cells[N * H + i];
    }
    return value;
  }

  private record Step(float[] gates, float[] cells, float[] squashed, float[] hidden) {}

  private Step forward(float[] cellsBefore) {
    float[] gates = input.clone();
    float[] cells = new float[2 * N * H];
    System.arraycopy(cellsBefore, 0, cells, 0, N * H);
    float[] squashed = new float[N * H];
    float[] hidden = new float[N * H];
    cell.open(N, gates, 0, recurrent, bias);
    cell.advance(N, gates, 0, cells, 0, N * H, squashed, 0, hidden);
    return new Step(gates, cells, squashed, hidden);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static float[] random(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }
}
