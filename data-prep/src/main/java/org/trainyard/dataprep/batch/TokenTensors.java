package org.trainyard.dataprep.batch;

import java.util.Arrays;
import java.util.List;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;

/** The tensors that batches of tokens have in common; one example a row. */
final class TokenTensors {
  private final BatchKind.Frame frame;
  private final List<BatchKind.Placed> examples;

  TokenTensors(BatchKind.Frame frame, List<BatchKind.Placed> examples) {
    if (frame.rows() != examples.size()) {
      throw new IllegalStateException(
          "%d examples in %d rows: packed rows are of another kind"
              .formatted(examples.size(), frame.rows()));
    }
    this.frame = frame;
    this.examples = examples;
  }

  /**
   * The tokens, shape [rows, first].
   *
   * @param shift 0 for the tokens as they are, 1 for the begin before them and the last left out
   */
  Tensor tokens(String name, int shift) {
    int[] ids = new int[frame.rows() * frame.first()];
    Arrays.fill(ids, frame.pad());
    for (BatchKind.Placed example : examples) {
      List<Integer> tokens =
          example.columns().getList(example.columns().fieldIndex(TokenTable.TOKENS));
      int start = example.row() * frame.first();
      if (shift > 0) {
        ids[start] = frame.begin();
      }
      for (int unit = shift; unit < example.units(); unit++) {
        ids[start + unit] = tokens.get(unit - shift);
      }
    }
    return Tensor.ofInts(name, new int[] {frame.rows(), frame.first()}, ids);
  }

  /** 1 where a unit is real, shape [rows, first]. */
  Tensor mask() {
    byte[] mask = new byte[frame.rows() * frame.first()];
    for (BatchKind.Placed example : examples) {
      int start = example.row() * frame.first();
      Arrays.fill(mask, start, start + example.units(), (byte) 1);
    }
    return Tensor.ofBytes(Batch.MASK, new int[] {frame.rows(), frame.first()}, mask);
  }

  /** Bytes that each example stands for, shape [rows]. */
  Tensor bytes() {
    return Tensor.ofInts(
        Batch.BYTES,
        new int[] {frame.rows()},
        examples.stream().mapToInt(BatchKind.Placed::bytes).toArray());
  }

  /** Labels, shape [rows]. */
  Tensor labels() {
    return Tensor.ofInts(
        Batch.TARGET,
        new int[] {frame.rows()},
        examples.stream()
            .mapToInt(example -> example.columns().<Integer>getAs(TokenTable.LABEL))
            .toArray());
  }
}
