package org.trainyard.training.dl4j;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Segments;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.model.InputSpec;

/** Hands batches to a network: one copy from the batch's bytes to the engine's memory. */
final class Inputs implements AutoCloseable {
  private static final byte[] NO_MASK = {};
  private static final int[] NONE = {};
  private static final float[] NO_VALUES = {};
  private final InputSpec spec;
  private final Frame frame;
  private final Scratch memory = new Scratch();

  Inputs(InputSpec spec, Frame frame) {
    this.spec = spec;
    this.frame = frame;
  }

  /**
   * Starts a pass over a batch.
   *
   * @return what the first layer gets; token ids stand in the frame, only their shape here
   */
  INDArray start(Batch batch, Mode mode) {
    Tensor input = batch.tensor(Batch.INPUT);
    boolean tokens = spec.kind() == InputSpec.Kind.TOKENS;
    int rows = batch.rows();
    frame.start(
        rows,
        tokens ? input.shape()[1] : 1,
        tokens && batch.has(Batch.MASK) ? batch.tensor(Batch.MASK).bytes() : NO_MASK,
        batch.packed() ? ints(batch.tensor(Batch.SEGMENT)) : NONE,
        batch.packed() ? Segments.starts(batch.tensor(Batch.SEGMENT)) : NONE,
        tokens ? ints(input) : NONE,
        target(batch, Tensor.Type.INT32).map(Inputs::ints).orElse(NONE),
        target(batch, Tensor.Type.FLOAT32).map(Inputs::floats).orElse(NO_VALUES),
        batch.weights(),
        mode.training(),
        mode.seed());
    Matrix matrix = memory.matrix(rows, input.elements() / rows);
    if (!tokens && input.type() == Tensor.Type.FLOAT32) {
      matrix.write(input.floats());
    } else if (!tokens) {
      matrix.write(0, rows, scaled(input.unsignedBytes()));
    }
    return wrap(matrix, input.shape());
  }

  private static Optional<Tensor> target(Batch batch, Tensor.Type type) {
    return batch.tensors().stream()
        .filter(tensor -> tensor.name().equals(Batch.TARGET) && tensor.type() == type)
        .findFirst();
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[tensor.elements()];
    tensor.floats().get(values);
    return values;
  }

  /** Pixels, 0 to 1. */
  private static float[] scaled(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (bytes.get(i) & 0xFF) / 255f;
    }
    return values;
  }

  private static int[] ints(Tensor tensor) {
    IntBuffer buffer = tensor.ints();
    int[] values = new int[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static INDArray wrap(Matrix matrix, int[] shape) {
    long[] form = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      form[i] = shape[i];
    }
    return Nd4j.create(
        Nd4j.createBuffer(matrix.pointer(), matrix.length(), DataType.FLOAT),
        form,
        Nd4j.getStrides(form, 'c'),
        0,
        'c');
  }

  @Override
  public void close() {
    memory.close();
  }
}
