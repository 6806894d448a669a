package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.LayerSpec.Activation;
import org.trainyard.training.model.ModelSpec;

/** Small models and batches. */
final class Examples {
  static final int VOCABULARY = 11;
  static final int CLASSES = 3;

  static final ModelSpec LANGUAGE_MODEL =
      tokens(
          new LayerSpec.Embedding("embedding", VOCABULARY, 4),
          new LayerSpec.Lstm("lstm-0", 5),
          new LayerSpec.Lstm("lstm-1", 3),
          new LayerSpec.Tokens("next", VOCABULARY));

  static final ModelSpec CLASSIFIER =
      tokens(
          new LayerSpec.Embedding("embedding", VOCABULARY, 4),
          new LayerSpec.Convolution1d("convolution-0", 5, 3, Activation.TANH),
          new LayerSpec.Convolution1d("convolution-1", 4, 4, Activation.IDENTITY),
          new LayerSpec.PoolOverTime("pool", true),
          new LayerSpec.Dense("dense", 6, Activation.TANH),
          new LayerSpec.Classes("classes", CLASSES));

  static final ModelSpec CNN =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.IMAGE, List.of(2, 8, 9), 0),
          List.of(
              new LayerSpec.Convolution2d("convolution-0", 3, 3, Activation.TANH),
              new LayerSpec.MaxPool2d("pool", 2),
              new LayerSpec.Convolution2d("convolution-1", 4, 2, Activation.RELU),
              new LayerSpec.Dense("dense", 5, Activation.TANH),
              new LayerSpec.Classes("classes", CLASSES)));

  static final ModelSpec MLP =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.FEATURES, List.of(6), 0),
          List.of(
              new LayerSpec.Dense("dense-0", 7, Activation.RELU),
              new LayerSpec.Dense("dense-1", 5, Activation.TANH),
              new LayerSpec.Classes("classes", CLASSES)));

  static final ModelSpec REGRESSION =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.FEATURES, List.of(6), 0),
          List.of(
              new LayerSpec.Dense("dense", 7, Activation.TANH), new LayerSpec.Values("values", 4)));

  private Examples() {}

  static ModelSpec tokens(LayerSpec... layers) {
    return new ModelSpec(
        new InputSpec(InputSpec.Kind.TOKENS, List.of(0), VOCABULARY), List.of(layers));
  }

  static Replica open(ModelSpec model, long seed) {
    return Engines.standard().open(model, Device.CPU, Options.seeded(seed));
  }

  /** Parameters that are larger than the first ones, biases too, so that nothing is near zero. */
  static Parameters lively(Replica replica, long seed) {
    Parameters parameters = Parameters.zeros(replica.layout());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < parameters.count(); i++) {
      float[] slice = parameters.slice(i);
      for (int j = 0; j < slice.length; j++) {
        slice[j] = (float) (1.4 * random.nextDouble() - 0.7);
      }
    }
    return parameters;
  }

  /**
   * Sequences of these lengths, padded on the right to {@code steps}, with targets at each unit.
   */
  static Batch sequences(int steps, int... lengths) {
    return text(true, steps, lengths);
  }

  /** Sequences of these lengths, padded on the right to {@code steps}, with a class each. */
  static Batch labelled(int steps, int... lengths) {
    return text(false, steps, lengths);
  }

  private static Batch text(boolean perUnit, int steps, int... lengths) {
    int n = lengths.length;
    int[] input = new int[n * steps];
    int[] next = new int[n * steps];
    int[] classes = new int[n];
    byte[] mask = new byte[n * steps];
    // Padding holds ids that no table has: they must never be looked at.
    Arrays.fill(input, -7);
    Arrays.fill(next, 99);
    for (int i = 0; i < n; i++) {
      SplittableRandom random = new SplittableRandom(100 + i);
      classes[i] = random.nextInt(CLASSES);
      for (int t = 0; t < lengths[i]; t++) {
        input[i * steps + t] = random.nextInt(VOCABULARY);
        next[i * steps + t] = random.nextInt(VOCABULARY);
        mask[i * steps + t] = 1;
      }
    }
    int[] form = {n, steps};
    return Batch.of(
        LongStream.range(0, n).toArray(),
        Tensor.ofInts(Batch.INPUT, form, input),
        perUnit
            ? Tensor.ofInts(Batch.TARGET, form, next)
            : Tensor.ofInts(Batch.TARGET, new int[] {n}, classes),
        Tensor.ofBytes(Batch.MASK, form, mask));
  }

  /**
   * The examples of a batch of {@link #sequences}, side by side in rows of {@code steps} units.
   *
   * @param perRow how many examples each row takes
   */
  static Batch packed(Batch sequences, int steps, int... perRow) {
    int[] form = {perRow.length, steps};
    int width = sequences.tensor(Batch.INPUT).shape()[1];
    int[] input = new int[perRow.length * steps];
    int[] next = new int[input.length];
    int[] segment = new int[input.length];
    byte[] mask = new byte[input.length];
    Arrays.fill(input, -7);
    Arrays.fill(next, 99);
    int example = 0;
    for (int row = 0; row < perRow.length; row++) {
      int at = row * steps;
      for (int k = 1; k <= perRow[row]; k++, example++) {
        for (int t = example * width; t < (example + 1) * width; t++) {
          if (sequences.tensor(Batch.MASK).bytes()[t] != 0) {
            input[at] = sequences.tensor(Batch.INPUT).ints().get(t);
            next[at] = sequences.tensor(Batch.TARGET).ints().get(t);
            mask[at] = 1;
            segment[at++] = k;
          }
        }
      }
    }
    return new Batch(
        sequences.exampleIds(),
        sequences.groupIds(),
        sequences.weights(),
        List.of(
            Tensor.ofInts(Batch.INPUT, form, input),
            Tensor.ofInts(Batch.TARGET, form, next),
            Tensor.ofBytes(Batch.MASK, form, mask),
            Tensor.ofInts(Batch.SEGMENT, form, segment)));
  }

  /** Vectors or images with a class each. */
  static Batch values(int n, int... shape) {
    int[] form = new int[shape.length + 1];
    form[0] = n;
    System.arraycopy(shape, 0, form, 1, shape.length);
    int length = Arrays.stream(form).reduce(1, (a, b) -> a * b);
    SplittableRandom random = new SplittableRandom(3);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() * 2 - 1);
    }
    int[] classes = new int[n];
    for (int i = 0; i < n; i++) {
      classes[i] = random.nextInt(CLASSES);
    }
    return Batch.of(
        LongStream.range(0, n).toArray(),
        Tensor.ofFloats(Batch.INPUT, form, values),
        Tensor.ofInts(Batch.TARGET, new int[] {n}, classes));
  }

  /** Vectors with a vector each as target. */
  static Batch measured(int n, int features, int targets) {
    Batch inputs = values(n, features);
    Tensor numbers = values(n, targets + 1).tensor(Batch.INPUT);
    float[] target = new float[n * targets];
    for (int i = 0; i < target.length; i++) {
      target[i] = numbers.floats().get(i + 1);
    }
    return Batch.of(
        inputs.exampleIds(),
        inputs.tensor(Batch.INPUT),
        Tensor.ofFloats(Batch.TARGET, new int[] {n, targets}, target));
  }

  static Batch weighted(Batch batch, float... weights) {
    return new Batch(batch.exampleIds(), batch.groupIds(), weights, batch.tensors());
  }
}
