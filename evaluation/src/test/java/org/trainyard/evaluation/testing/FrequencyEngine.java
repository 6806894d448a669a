package org.trainyard.evaluation.testing;

import java.nio.IntBuffer;
import java.util.List;
import java.util.Set;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
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
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/** An engine for tests: the softmax of one vector, whatever the input. */
@Card(name = "test-frequencies", what = "Predicts by one vector of logits.")
public final class FrequencyEngine implements EngineTechnique<FrequencyEngine.Settings> {

  /** Nothing to set. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Engine create(Settings settings) {
    return new Engine() {
      @Override
      public Features features() {
        return new Features(Set.of("Tokens", "Classes"), Set.of(), Set.of(Device.Kind.CPU), true);
      }

      @Override
      public Replica open(ModelSpec model, Device device, Options options) {
        return new FrequencyReplica(layout(model));
      }
    };
  }

  /** One slice with a logit for each token or class. */
  public static Layout layout(ModelSpec model) {
    LayerSpec last = model.layers().get(model.layers().size() - 1);
    int outputs =
        last instanceof LayerSpec.Tokens tokens
            ? tokens.vocabulary()
            : ((LayerSpec.Classes) last).classes();
    return new Layout(
        List.of(new Slice("logits", 0, new int[] {outputs}, Slice.Kind.WEIGHT, "logits")));
  }

  private static final class FrequencyReplica implements Replica {
    private final Layout layout;
    private final Parameters parameters;

    FrequencyReplica(Layout layout) {
      this.layout = layout;
      this.parameters = Parameters.zeros(layout);
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
    public Scores score(Batch batch) {
      float[] logits = parameters.slice(0);
      double sum = 0;
      int best = 0;
      for (int i = 0; i < logits.length; i++) {
        sum += Math.exp(logits[i]);
        best = logits[i] > logits[best] ? i : best;
      }
      int n = batch.size();
      double[] loss = new double[n];
      long[] units = new long[n];
      long[] hits = new long[n];
      int[] predicted = new int[n];
      Tensor target = batch.tensor(Batch.TARGET);
      IntBuffer targets = target.ints();
      int length = n == 0 ? 0 : target.elements() / n;
      boolean whole = target.shape().length == 1;
      for (int i = 0; i < target.elements(); i++) {
        if (whole || batch.tensor(Batch.MASK).bytes()[i] == 1) {
          loss[i / length] += Math.log(sum) - logits[targets.get(i)];
          units[i / length]++;
          hits[i / length] += targets.get(i) == best ? 1 : 0;
        }
      }
      java.util.Arrays.fill(predicted, whole ? best : -1);
      return new Scores(loss, units, hits, predicted);
    }

    @Override
    public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
      throw new UnsupportedOperationException("not trained in tests of evaluation");
    }

    @Override
    public Pass forward(Batch batch, Mode mode) {
      throw new UnsupportedOperationException("only scored in tests of evaluation");
    }

    @Override
    public byte[] state() {
      return new byte[0];
    }

    @Override
    public void restore(byte[] state) {}

    @Override
    public void close() {}
  }
}
