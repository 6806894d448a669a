package org.trainyard.training.operate;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.StepRule;
import org.trainyard.training.optimize.UpdateRule;

/**
 * Steps of training as a shard takes them, on made-up examples: forward, backward and update, with
 * the rule's state. Every second example has one unit of padding, so that what a model does for
 * padding is counted too.
 */
record TrialSteps(Engine engine, ModelSpec spec, UpdateRule rule, int threads) {

  /** What is looked at while the memory of all steps is still held. */
  interface Held<T> {
    T look();
  }

  /** Takes one step of each shape on a new replica, then looks. */
  <T> T run(List<MemoryProbe.Shape> shapes, Held<T> held) {
    try (Replica replica = engine.open(spec, Device.CPU, new Options(1, threads, 0))) {
      Parameters weights = Parameters.zeros(replica.layout());
      replica.store(weights);
      PlainStep plain = new PlainStep(rule, Clipping.NONE, Set.of());
      List<Parameters> state = plain.freshState(replica.layout());
      StepRule.Stepper stepper = plain.open(replica.layout());
      long step = 0;
      for (MemoryProbe.Shape shape : shapes) {
        Batch batch = batch(shape);
        long number = ++step;
        stepper.step(
            weights,
            state,
            number,
            rule.learningRate(),
            (at, into) -> {
              replica.load(at);
              return replica.lossAndGradient(batch, Mode.train(number), into);
            });
      }
      T seen = held.look();
      java.lang.ref.Reference.reachabilityFence(state);
      return seen;
    }
  }

  private Batch batch(MemoryProbe.Shape shape) {
    SplittableRandom random = new SplittableRandom(shape.rows());
    return spec.input().kind() == InputSpec.Kind.TOKENS
        ? tokens(shape, random)
        : numbers(shape.rows(), random);
  }

  private Batch tokens(MemoryProbe.Shape shape, SplittableRandom random) {
    int[] form = {shape.rows(), shape.units()};
    int units = Math.multiplyExact(shape.rows(), shape.units());
    Math.multiplyExact(units, Integer.BYTES);
    byte[] mask = new byte[units];
    java.util.Arrays.fill(mask, (byte) 1);
    for (int row = 1; row < shape.rows() && shape.units() > 1; row += 2) {
      mask[(row + 1) * shape.units() - 1] = 0;
    }
    return Batch.of(
        new long[shape.rows()],
        Tensor.ofInts(Batch.INPUT, form, random.ints(units, 0, vocabulary()).toArray()),
        loss() instanceof LayerSpec.Tokens
            ? Tensor.ofInts(Batch.TARGET, form, random.ints(units, 0, vocabulary()).toArray())
            : labels(shape.rows(), random),
        Tensor.ofBytes(Batch.MASK, form, mask));
  }

  private Batch numbers(int rows, SplittableRandom random) {
    List<Integer> one = spec.input().shape();
    int[] form = new int[one.size() + 1];
    form[0] = rows;
    int values = rows;
    for (int i = 0; i < one.size(); i++) {
      form[i + 1] = one.get(i);
      values = Math.multiplyExact(values, one.get(i));
    }
    Math.multiplyExact(values, Float.BYTES);
    float[] input = new float[values];
    for (int i = 0; i < values; i++) {
      input[i] = (float) random.nextDouble();
    }
    return Batch.of(
        new long[rows], Tensor.ofFloats(Batch.INPUT, form, input), labels(rows, random));
  }

  private Tensor labels(int rows, SplittableRandom random) {
    int classes = ((LayerSpec.Classes) loss()).classes();
    return Tensor.ofInts(Batch.TARGET, new int[] {rows}, random.ints(rows, 0, classes).toArray());
  }

  private int vocabulary() {
    return spec.input().vocabulary();
  }

  private LayerSpec loss() {
    return spec.layers().get(spec.layers().size() - 1);
  }
}
