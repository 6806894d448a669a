package org.trainyard.training.round;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Features;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Options;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/**
 * Softmax regression in plain Java, in double precision inside: over features and classes, or from
 * each token to the next one. The proof that the round loop needs no particular engine.
 */
@Card(name = "tiny", what = "Softmax regression in plain Java, for tests.")
public final class TinyEngine implements Engine, EngineTechnique<TinyEngine.Settings> {

  /** Passes until one fails, once; below 0 for never. Lets a test cut a run off. */
  static final AtomicInteger PASSES_TO_FAILURE = new AtomicInteger(-1);

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Engine create(Settings settings) {
    return this;
  }

  @Override
  public Features features() {
    return new Features(
        Set.of("Classes", "Tokens", "Dropout"), Set.of(), Set.of(Device.Kind.CPU), true);
  }

  @Override
  public Replica open(ModelSpec model, Device device, Options options) {
    boolean tokens = model.input().kind() == InputSpec.Kind.TOKENS;
    int inputs = tokens ? model.input().vocabulary() : model.input().shape().get(0);
    LayerSpec last = model.layers().get(model.layers().size() - 1);
    int outputs =
        last instanceof LayerSpec.Tokens t ? t.vocabulary() : ((LayerSpec.Classes) last).classes();
    double dropped =
        model.layers().get(0) instanceof LayerSpec.Dropout dropout ? dropout.rate() : 0;
    return new TinyReplica(inputs, outputs, dropped, options.seed());
  }

  private static final class TinyReplica implements Replica {
    private final int inputs;
    private final int outputs;
    private final double dropped;
    private final Layout layout;
    private final Parameters parameters;

    TinyReplica(int inputs, int outputs, double dropped, long seed) {
      this.inputs = inputs;
      this.outputs = outputs;
      this.dropped = dropped;
      int[] shape = {inputs, outputs};
      Slice weight = new Slice("out.weight", 0, shape, Slice.Kind.WEIGHT, "out");
      Slice bias =
          new Slice("out.bias", weight.length(), new int[] {outputs}, Slice.Kind.BIAS, "out");
      this.layout = new Layout(List.of(weight, bias));
      this.parameters = Parameters.zeros(layout);
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < weight.length(); i++) {
        parameters.slice(0)[i] = (float) (random.nextDouble() - 0.5);
      }
    }

    @Override
    public Layout layout() {
      return layout;
    }

    @Override
    public void load(Parameters from) {
      parameters.set(from);
    }

    @Override
    public void store(Parameters into) {
      into.set(parameters);
    }

    @Override
    public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
      if (PASSES_TO_FAILURE.getAndUpdate(left -> Math.max(-1, left - 1)) == 0) {
        throw new IllegalStateException("this pass was made to fail");
      }
      double[] weightSum = new double[inputs * outputs];
      double[] biasSum = new double[outputs];
      SplittableRandom random = new SplittableRandom(mode.seed());
      double[] totals = new double[2];
      eachUnit(
          batch,
          (example, x, target) -> {
            drop(x, mode, random);
            double[] error = probabilities(x);
            double importance = batch.weights()[example];
            totals[0] -= importance * Math.log(error[target]);
            totals[1] += importance;
            error[target] -= 1;
            for (int o = 0; o < outputs; o++) {
              biasSum[o] += importance * error[o];
              for (int i = 0; i < inputs; i++) {
                weightSum[i * outputs + o] += importance * error[o] * x[i];
              }
            }
          });
      copy(weightSum, gradient.slice(0));
      copy(biasSum, gradient.slice(1));
      boolean finite = gradient.finite() && Double.isFinite(totals[0]);
      return new GradientSum(totals[0], totals[1], new TreeMap<>(), finite);
    }

    private void drop(double[] x, Mode mode, SplittableRandom random) {
      if (mode.training() && dropped > 0) {
        for (int i = 0; i < x.length; i++) {
          x[i] = random.nextDouble() < dropped ? 0 : x[i] / (1 - dropped);
        }
      }
    }

    private static void copy(double[] from, float[] to) {
      for (int i = 0; i < to.length; i++) {
        to[i] = (float) from[i];
      }
    }

    private double[] probabilities(double[] x) {
      double[] p = new double[outputs];
      double largest = Double.NEGATIVE_INFINITY;
      for (int o = 0; o < outputs; o++) {
        p[o] = parameters.slice(1)[o];
        for (int i = 0; i < inputs; i++) {
          p[o] += x[i] * parameters.slice(0)[i * outputs + o];
        }
        largest = Math.max(largest, p[o]);
      }
      double sum = 0;
      for (int o = 0; o < outputs; o++) {
        p[o] = StrictMath.exp(p[o] - largest);
        sum += p[o];
      }
      for (int o = 0; o < outputs; o++) {
        p[o] /= sum;
      }
      return p;
    }

    private interface Unit {
      void see(int example, double[] x, int target);
    }

    private void eachUnit(Batch batch, Unit unit) {
      IntBuffer targets = batch.tensor(Batch.TARGET).ints();
      int perExample = batch.size() == 0 ? 0 : targets.limit() / batch.size();
      boolean masked = batch.has(Batch.MASK);
      for (int example = 0; example < batch.size(); example++) {
        for (int t = 0; t < perExample; t++) {
          int at = example * perExample + t;
          if (!masked || batch.tensor(Batch.MASK).bytes()[at] == 1) {
            unit.see(example, input(batch, at), targets.get(at));
          }
        }
      }
    }

    private double[] input(Batch batch, int at) {
      double[] x = new double[inputs];
      switch (batch.tensor(Batch.INPUT).type()) {
        case INT32 -> x[batch.tensor(Batch.INPUT).ints().get(at)] = 1;
        default -> {
          FloatBuffer values = batch.tensor(Batch.INPUT).floats();
          for (int i = 0; i < inputs; i++) {
            x[i] = values.get(at * inputs + i);
          }
        }
      }
      return x;
    }

    @Override
    public Pass forward(Batch batch, Mode mode) {
      throw new UnsupportedOperationException("not needed here");
    }

    @Override
    public Scores score(Batch batch) {
      int n = batch.size();
      Scores scores = new Scores(new double[n], new long[n], new long[n], new int[n]);
      eachUnit(
          batch,
          (example, x, target) -> {
            double[] p = probabilities(x);
            int largest = 0;
            for (int o = 1; o < outputs; o++) {
              largest = p[o] > p[largest] ? o : largest;
            }
            scores.loss()[example] -= Math.log(p[target]);
            scores.units()[example]++;
            scores.hits()[example] += largest == target ? 1 : 0;
            scores.predicted()[example] = largest;
          });
      return scores;
    }

    @Override
    public byte[] state() {
      return new byte[0];
    }

    @Override
    public void restore(byte[] state) {
      // There is none.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
