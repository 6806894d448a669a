package org.trainyard.dataprep.batch;

import java.util.Arrays;
import java.util.List;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;

/** The tensors that batches of tokens have in common. */
final class TokenTensors {
  private final BatchKind.Frame frame;
  private final List<BatchKind.Placed> examples;

  TokenTensors(BatchKind.Frame frame, List<BatchKind.Placed> examples) {
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
      int start = start(example);
      if (shift > 0) {
        ids[start] = frame.begin();
      }
      for (int unit = shift; unit < example.units(); unit++) {
        ids[start + unit] = tokens.get(example.from() + unit - shift);
      }
    }
    return Tensor.ofInts(name, new int[] {frame.rows(), frame.first()}, ids);
  }

  /** 1 where a unit is real, shape [rows, first]. */
  Tensor mask() {
    byte[] mask = new byte[frame.rows() * frame.first()];
    for (BatchKind.Placed example : examples) {
      int start = start(example);
      Arrays.fill(mask, start, start + example.units(), (byte) 1);
    }
    return Tensor.ofBytes(Batch.MASK, new int[] {frame.rows(), frame.first()}, mask);
  }

  /** Which example of its row a unit belongs to, from 1; 0 at padding; shape [rows, first]. */
  Tensor segments() {
    int[] segments = new int[frame.rows() * frame.first()];
    int row = -1;
    int segment = 0;
    for (BatchKind.Placed example : examples) {
      segment = example.row() == row ? segment + 1 : 1;
      row = example.row();
      int start = start(example);
      Arrays.fill(segments, start, start + example.units(), segment);
    }
    return Tensor.ofInts(Batch.SEGMENT, new int[] {frame.rows(), frame.first()}, segments);
  }

  /** Place of a unit in its example, from 0; 0 at padding; shape [rows, first]. */
  Tensor positions() {
    int[] positions = new int[frame.rows() * frame.first()];
    for (BatchKind.Placed example : examples) {
      int start = start(example);
      for (int unit = 0; unit < example.units(); unit++) {
        positions[start + unit] = unit;
      }
    }
    return Tensor.ofInts(Batch.POSITION, new int[] {frame.rows(), frame.first()}, positions);
  }

  private int start(BatchKind.Placed example) {
    return example.row() * frame.first() + example.offset();
  }

  /** Bytes that each example stands for, shape [examples]. */
  Tensor bytes() {
    return Tensor.ofInts(
        Batch.BYTES,
        new int[] {examples.size()},
        examples.stream().mapToInt(BatchKind.Placed::bytes).toArray());
  }

  /** Labels, shape [examples]. */
  Tensor labels() {
    return Tensor.ofInts(
        Batch.TARGET,
        new int[] {examples.size()},
        examples.stream()
            .mapToInt(example -> example.columns().<Integer>getAs(TokenTable.LABEL))
            .toArray());
  }
}
