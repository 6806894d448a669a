package org.trainyard.training.round;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.testing.TestSpark;
import org.trainyard.training.codec.Codec;
import org.trainyard.training.codec.Float32;
import org.trainyard.training.combine.WeightedMean;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.OuterMean;
import org.trainyard.training.optimize.OuterRule;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.Schedule;
import org.trainyard.training.optimize.StepRule;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/** Small seeded data, models and plans for tests of the round loop. */
final class Samples {
  static final int VOCABULARY = 7;
  static final int FEATURES = 5;
  static final int CLASSES = 3;
  static final long SEED = 11;

  /** Next-token prediction from one token, without dropout. */
  static final ModelSpec TOKEN_MODEL =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.TOKENS, List.of(0), VOCABULARY),
          List.of(new LayerSpec.Tokens("out", VOCABULARY)));

  /** Classes from features, with dropout on the features. */
  static final ModelSpec DROPOUT_MODEL =
      new ModelSpec(
          new InputSpec(InputSpec.Kind.FEATURES, List.of(FEATURES), 0),
          List.of(new LayerSpec.Dropout("drop", 0.2), new LayerSpec.Classes("out", CLASSES)));

  private Samples() {}

  static JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }

  /** Opens a model with the tiny engine. */
  static ModelOpener tiny(ModelSpec model) {
    return device -> new TinyEngine().open(model, device, Options.seeded(SEED));
  }

  /** Sequences of one to six tokens, padded to the longest of their batch. */
  static List<Batch> sequences(int examples, int batchSize) {
    SplittableRandom random = new SplittableRandom(examples * 31L + batchSize);
    List<Batch> batches = new ArrayList<>();
    for (int first = 0; first < examples; first += batchSize) {
      int n = Math.min(batchSize, examples - first);
      int[] lengths = new int[n];
      int longest = 0;
      for (int i = 0; i < n; i++) {
        lengths[i] = 1 + random.nextInt(6);
        longest = Math.max(longest, lengths[i]);
      }
      int[] input = new int[n * longest];
      int[] target = new int[n * longest];
      byte[] mask = new byte[n * longest];
      for (int i = 0; i < n; i++) {
        for (int t = 0; t < longest; t++) {
          int at = i * longest + t;
          input[at] = random.nextInt(VOCABULARY);
          target[at] = (input[at] * 3 + random.nextInt(2)) % VOCABULARY;
          mask[at] = (byte) (t < lengths[i] ? 1 : 0);
        }
      }
      int[] shape = {n, longest};
      batches.add(
          Batch.of(
              LongStream.range(first, first + n).toArray(),
              Tensor.ofInts(Batch.INPUT, shape, input),
              Tensor.ofInts(Batch.TARGET, shape, target),
              Tensor.ofBytes(Batch.MASK, shape, mask)));
    }
    return batches;
  }

  /** Points with a class that their first feature tells most of the time. */
  static List<Batch> points(int examples, int batchSize) {
    SplittableRandom random = new SplittableRandom(examples * 17L + batchSize);
    List<Batch> batches = new ArrayList<>();
    for (int first = 0; first < examples; first += batchSize) {
      int n = Math.min(batchSize, examples - first);
      float[] input = new float[n * FEATURES];
      int[] target = new int[n];
      for (int i = 0; i < n; i++) {
        for (int f = 0; f < FEATURES; f++) {
          input[i * FEATURES + f] = (float) (2 * random.nextDouble() - 1);
        }
        target[i] = (int) Math.min(CLASSES - 1, (1 + input[i * FEATURES]) * 1.5);
      }
      batches.add(
          Batch.of(
              LongStream.range(first, first + n).toArray(),
              Tensor.ofFloats(Batch.INPUT, new int[] {n, FEATURES}, input),
              Tensor.ofInts(Batch.TARGET, new int[] {n}, target)));
    }
    return batches;
  }

  /** The same points with two values: the first feature, and the sum of all. */
  static List<Batch> measured(int examples, int batchSize) {
    return points(examples, batchSize).stream()
        .map(
            batch -> {
              FloatBuffer input = batch.tensor(Batch.INPUT).floats();
              float[] values = new float[2 * batch.size()];
              for (int i = 0; i < batch.size(); i++) {
                values[2 * i] = input.get(i * FEATURES);
                for (int f = 0; f < FEATURES; f++) {
                  values[2 * i + 1] += input.get(i * FEATURES + f);
                }
              }
              return Batch.of(
                  batch.exampleIds(),
                  batch.tensor(Batch.INPUT),
                  Tensor.ofFloats(Batch.TARGET, new int[] {batch.size(), 2}, values));
            })
        .toList();
  }

  static UpdateRule rule(String name, double rate) {
    return choice(name, "{\"learning-rate\": %s}".formatted(rate)).create();
  }

  static Choice<UpdateRule> choice(String name, String settings) {
    return new Choice<>(UpdateRuleTechnique.class.getName(), name, settings);
  }

  /** Parameters of a fresh replica. */
  static Parameters initial(ModelOpener opener) {
    try (Replica replica = opener.open(Device.CPU)) {
      Parameters initial = Parameters.zeros(replica.layout());
      replica.store(initial);
      return initial;
    }
  }

  /** A plan that can be varied. */
  record Draft(
      ModelOpener opener,
      Feed feed,
      StepRule rule,
      Schedule schedule,
      RoundMode mode,
      int localSteps,
      int batchesPerStep,
      LocalState localState,
      OuterRule outer,
      Codec codec) {

    static Draft of(ModelOpener opener, Feed feed, UpdateRule rule) {
      return new Draft(
          opener,
          feed,
          new PlainStep(rule, Clipping.NONE),
          (seen, total) -> 1,
          RoundMode.SYNCHRONOUS,
          1,
          1,
          LocalState.AVERAGED,
          new OuterMean.Mean(),
          new Float32());
    }

    Draft local(int steps, LocalState state) {
      return new Draft(
          opener,
          feed,
          rule,
          schedule,
          RoundMode.LOCAL,
          steps,
          batchesPerStep,
          state,
          outer,
          codec);
    }

    Draft schedule(Schedule other) {
      return new Draft(
          opener, feed, rule, other, mode, localSteps, batchesPerStep, localState, outer, codec);
    }

    Draft opener(ModelOpener other) {
      return new Draft(
          other, feed, rule, schedule, mode, localSteps, batchesPerStep, localState, outer, codec);
    }

    Draft rule(StepRule other) {
      return new Draft(
          opener,
          feed,
          other,
          schedule,
          mode,
          localSteps,
          batchesPerStep,
          localState,
          outer,
          codec);
    }

    Draft outer(OuterRule other) {
      return new Draft(
          opener, feed, rule, schedule, mode, localSteps, batchesPerStep, localState, other, codec);
    }

    Draft codec(Codec other) {
      return new Draft(
          opener, feed, rule, schedule, mode, localSteps, batchesPerStep, localState, outer, other);
    }

    Draft batchesPerStep(int count) {
      return new Draft(
          opener, feed, rule, schedule, mode, localSteps, count, localState, outer, codec);
    }

    Plan plan() {
      try (Replica replica = opener.open(Device.CPU)) {
        return new Plan(
            opener,
            replica.layout(),
            new TreeMap<>(Map.of(Plan.TRAINING, feed)),
            rule,
            schedule,
            1000,
            mode,
            localSteps,
            batchesPerStep,
            localState,
            outer,
            new WeightedMean().create(new WeightedMean.Settings()),
            codec,
            SEED);
      }
    }
  }
}
