package org.trainyard.training.dl4j.kernel;

/**
 * One time step of an LSTM layer over a block of examples, all but its matrix products.
 *
 * <p>Gates lie in the order input i, forget f, candidate g, output o: {@code c = f·c' + i·g},
 * {@code h = o·tanh c}. The sigmoid is {@code ½ + ½ tanh(x/2)}.
 *
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter and Schmidhuber 1997</a>,
 *     with the forget gate of Gers et al. 2000
 */
public final class LstmCell {
  private final int width;
  private final float[] scale;
  private final float[] shift;

  /**
   * @param width of the layer, h
   */
  public LstmCell(int width) {
    this.width = width;
    scale = new float[4 * width];
    shift = new float[4 * width];
    for (int i = 0; i < 4 * width; i++) {
      boolean candidate = i / width == 2;
      scale[i] = candidate ? 1 : 0.5f;
      shift[i] = candidate ? 0 : 0.5f;
    }
  }

  /**
   * Makes activations of the gates.
   *
   * @param gates what comes from the input, becomes the activations; n rows of 4h from {@code at}
   * @param recurrent what comes from the step before, shape [n, 4h]
   * @param bias shape [4h]
   */
  public void open(int n, float[] gates, int at, float[] recurrent, float[] bias) {
    int row = 4 * width;
    for (int i = 0; i < n; i++) {
      add(gates, at + i * row, recurrent, i * row, bias);
    }
    VectorMath.tanh(gates, at, n * row);
    for (int i = 0; i < n; i++) {
      rescale(gates, at + i * row);
    }
  }

  private void add(float[] gates, int at, float[] recurrent, int from, float[] bias) {
    for (int j = 0; j < bias.length; j++) {
      gates[at + j] = (gates[at + j] + recurrent[from + j] + bias[j]) * scale[j];
    }
  }

  private void rescale(float[] gates, int at) {
    for (int j = 0; j < scale.length; j++) {
      gates[at + j] = gates[at + j] * scale[j] + shift[j];
    }
  }

  /**
   * Moves the cells one step on.
   *
   * @param gates activations, n rows of 4h from {@code at}
   * @param cells before, n rows of h from {@code before}; after, from {@code now}
   * @param squashed receives tanh of the cells, n rows of h from {@code squashedAt}
   * @param hidden receives the output, shape [n, h]
   */
  public void advance(
      int n,
      float[] gates,
      int at,
      float[] cells,
      int before,
      int now,
      float[] squashed,
      int squashedAt,
      float[] hidden) {
    for (int i = 0; i < n; i++) {
      int gate = at + i * 4 * width;
      remember(gates, gate, cells, before + i * width, now + i * width);
    }
    System.arraycopy(cells, now, squashed, squashedAt, n * width);
    VectorMath.tanh(squashed, squashedAt, n * width);
    for (int i = 0; i < n; i++) {
      emit(gates, at + i * 4 * width + 3 * width, squashed, squashedAt + i * width, hidden, i);
    }
  }

  private void remember(float[] gates, int at, float[] cells, int before, int now) {
    int forget = at + width;
    int candidate = at + 2 * width;
    for (int j = 0; j < width; j++) {
      cells[now + j] = gates[forget + j] * cells[before + j] + gates[at + j] * gates[candidate + j];
    }
  }

  private void emit(float[] gates, int at, float[] squashed, int from, float[] hidden, int i) {
    int to = i * width;
    for (int j = 0; j < width; j++) {
      hidden[to + j] = gates[at + j] * squashed[from + j];
    }
  }

  /**
   * Goes one step back.
   *
   * @param gates activations, n rows of 4h from {@code at}
   * @param cells before this step, n rows of h from {@code before}
   * @param squashed tanh of the cells after it, n rows of h from {@code squashedAt}
   * @param hiddenGradient derivative by the output, shape [n, h]
   * @param cellGradient derivative by the cells after this step, becomes that before it, shape [n,
   *     h]
   * @param gateGradient receives the derivative by the gates before their activation, shape [n, 4h]
   */
  public void back(
      int n,
      float[] gates,
      int at,
      float[] cells,
      int before,
      float[] squashed,
      int squashedAt,
      float[] hiddenGradient,
      float[] cellGradient,
      float[] gateGradient) {
    for (int i = 0; i < n; i++) {
      int gate = at + i * 4 * width;
      int own = i * width;
      backOutput(
          gates, gate, squashed, squashedAt + own, hiddenGradient, cellGradient, gateGradient, i);
      backCell(gates, gate, cells, before + own, cellGradient, gateGradient, i);
    }
  }

  private void backOutput(
      float[] gates,
      int at,
      float[] squashed,
      int from,
      float[] hiddenGradient,
      float[] cellGradient,
      float[] gateGradient,
      int i) {
    int own = i * width;
    int output = at + 3 * width;
    int to = i * 4 * width + 3 * width;
    for (int j = 0; j < width; j++) {
      float o = gates[output + j];
      float c = squashed[from + j];
      float h = hiddenGradient[own + j];
      cellGradient[own + j] += h * o * (1 - c * c);
      gateGradient[to + j] = h * c * o * (1 - o);
    }
  }

  private void backCell(
      float[] gates,
      int at,
      float[] cells,
      int before,
      float[] cellGradient,
      float[] gateGradient,
      int i) {
    int own = i * width;
    int to = i * 4 * width;
    backInput(gates, at, cellGradient, own, gateGradient, to);
    backForget(gates, at + width, cells, before, cellGradient, own, gateGradient, to + width);
    backCandidate(gates, at, cellGradient, own, gateGradient, to + 2 * width);
    int forget = at + width;
    for (int j = 0; j < width; j++) {
      cellGradient[own + j] *= gates[forget + j];
    }
  }

  private void backInput(
      float[] gates, int at, float[] cellGradient, int own, float[] gateGradient, int to) {
    int candidate = at + 2 * width;
    for (int j = 0; j < width; j++) {
      float in = gates[at + j];
      gateGradient[to + j] = cellGradient[own + j] * gates[candidate + j] * in * (1 - in);
    }
  }

  private void backForget(
      float[] gates,
      int forget,
      float[] cells,
      int before,
      float[] cellGradient,
      int own,
      float[] gateGradient,
      int to) {
    for (int j = 0; j < width; j++) {
      float kept = gates[forget + j];
      gateGradient[to + j] = cellGradient[own + j] * cells[before + j] * kept * (1 - kept);
    }
  }

  private void backCandidate(
      float[] gates, int at, float[] cellGradient, int own, float[] gateGradient, int to) {
    int candidate = at + 2 * width;
    for (int j = 0; j < width; j++) {
      float g = gates[candidate + j];
      gateGradient[to + j] = cellGradient[own + j] * gates[at + j] * (1 - g * g);
    }
  }
}
