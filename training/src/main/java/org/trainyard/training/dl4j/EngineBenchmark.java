package org.trainyard.training.dl4j;

import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.cli.Benchmark;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/**
 * One training step of a language model (two LSTM layers of 128, a vocabulary of 2,048, 32
 * sequences of 64 tokens) on one core, against the same network of Deeplearning4j's own layers. The
 * best of several.
 */
public final class EngineBenchmark implements Benchmark {
  private static final int EXAMPLES = 32;
  private static final int STEPS = 64;
  private static final int VOCABULARY = 2048;
  private static final int WIDTH = 128;

  @Override
  public String name() {
    return "engine";
  }

  @Override
  public String summary() {
    return "one step of an LSTM language model against the same network of stock layers";
  }

  @Override
  public List<Figure> run() {
    ModelSpec model =
        new ModelSpec(
            new InputSpec(InputSpec.Kind.TOKENS, List.of(0), VOCABULARY),
            List.of(
                new LayerSpec.Embedding("embedding", VOCABULARY, WIDTH),
                new LayerSpec.Lstm("lstm-0", WIDTH),
                new LayerSpec.Lstm("lstm-1", WIDTH),
                new LayerSpec.Tokens("next", VOCABULARY)));
    int[] ids = new SplittableRandom(1).ints((long) EXAMPLES * STEPS, 0, VOCABULARY).toArray();
    try (Replica replica = new Dl4jEngine().open(model, Device.CPU, Options.seeded(1))) {
      Parameters parameters = Parameters.zeros(replica.layout());
      replica.store(parameters);
      Parameters gradient = Parameters.zeros(replica.layout());
      Batch batch = batch(ids);
      double ours = best(30, () -> replica.lossAndGradient(batch, Mode.train(1), gradient));
      MultiLayerNetwork network = StockNetworks.of(model, parameters);
      network.setInput(input(ids));
      network.setLabels(labels(ids));
      double stock = best(6, network::computeGradientAndScore);
      network.close();
      return List.of(
          Figure.shown("lstm_step_ms", ours),
          Figure.shown("stock_lstm_step_ms", stock),
          Figure.atLeast("lstm_speedup_over_stock", stock / ours, 4));
    }
  }

  private static double best(int times, Runnable step) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      step.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }

  private static Batch batch(int[] ids) {
    int[] form = {EXAMPLES, STEPS};
    return Batch.of(
        new long[EXAMPLES],
        Tensor.ofInts(Batch.INPUT, form, ids),
        Tensor.ofInts(Batch.TARGET, form, ids));
  }

  private static INDArray input(int[] ids) {
    return Nd4j.createFromArray(ids).castTo(DataType.FLOAT).reshape('c', EXAMPLES, 1, STEPS);
  }

  private static INDArray labels(int[] ids) {
    float[] oneHot = new float[ids.length * VOCABULARY];
    for (int i = 0; i < ids.length; i++) {
      oneHot[i * VOCABULARY + ids[i]] = 1;
    }
    return Nd4j.createFromArray(oneHot)
        .reshape('c', EXAMPLES, STEPS, VOCABULARY)
        .permute(0, 2, 1)
        .dup('f');
  }
}
