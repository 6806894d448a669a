package org.trainyard.training.optimize;

import java.io.Serializable;
import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.LowRank;

/** Adam in a subspace of low rank. */
@Card(
    name = "galore",
    what =
        "Adam whose means are kept for a projection of each matrix's gradient on a few directions.",
    how =
        "Every period steps the leading rank singular vectors of a matrix's gradient, on its shorter"
            + " side, become its basis; Adam runs on the gradient in that basis, and its step goes"
            + " back to the whole matrix, times scale. Kernels count as matrices of a row for each"
            + " filter. Slices named in whole, biases, norms and matrices no wider than rank take"
            + " plain Adam. Try ten times the rate of adamw, and a rank of a quarter of the width.",
    avoid =
        "Mode synchronous only. A step costs two products of the gradient with the basis, and a"
            + " new basis the cube of the shorter side (two seconds at 512): small models are faster"
            + " with adamw. The means are not turned with the basis.",
    papers = {
      "GaLore: Memory-Efficient LLM Training by Gradient Low-Rank Projection (arXiv 2403.03507)"
    })
public final class GaLore implements UpdateRuleTechnique<GaLore.Config> {

  /** Settings of {@code galore}. */
  public record Config(
      @Setting(help = "Learning rate before the schedule.", standard = "0.01", min = 0)
          double learningRate,
      @Setting(help = "Directions that are kept.", standard = "128", min = 1, max = 1_000_000)
          int rank,
      @Setting(help = "Steps between two bases.", standard = "200", min = 1, max = 1_000_000_000)
          int period,
      @Setting(help = "Factor on steps that come back.", standard = "0.25", min = 0) double scale,
      @Setting(
              help = "Names of parameters that take plain Adam, * for any text.",
              standard = "['embedding*']")
          List<String> whole,
      @Setting(help = "Share of the mean gradient kept.", standard = "0.9", min = 0, max = 0.99999)
          double beta1,
      @Setting(help = "Share of the mean square kept.", standard = "0.999", min = 0, max = 0.99999)
          double beta2,
      @Setting(help = "Added to the root of the mean square.", standard = "1e-8", min = 1e-30)
          double epsilon,
      @Setting(
              help = "Share of a weight lost a step, times the rate; biases and norms lose none.",
              standard = "0",
              min = 0)
          double weightDecay)
      implements Serializable {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public UpdateRule create(Config settings) {
    return new Rule(settings, settings.whole().stream().map(Names::like).toList());
  }

  record Rule(Config settings, List<Names> whole) implements UpdateRule {
    private static final int BASIS = 2;

    @Override
    public double learningRate() {
      return settings.learningRate();
    }

    @Override
    public int stateArrays() {
      return 3;
    }

    @Override
    public int stateLength(Slice slice, int array) {
      if (!projected(slice)) {
        return array == BASIS ? 0 : slice.length();
      }
      int side = array == BASIS ? Math.min(rows(slice), columns(slice)) : longer(slice);
      return Math.multiplyExact(side, settings.rank());
    }

    @Override
    public boolean averages() {
      return false;
    }

    @Override
    public void update(
        Slice slice, float[] weights, float[] gradient, float[][] state, long step, double rate) {
      AdamRule adam =
          new AdamRule(
              rate,
              settings.beta1(),
              settings.beta2(),
              settings.epsilon(),
              projected(slice) ? 0 : settings.weightDecay());
      if (!projected(slice)) {
        adam.update(slice, weights, gradient, state, step, rate);
        return;
      }
      int rows = rows(slice);
      int columns = columns(slice);
      int rank = settings.rank();
      if ((step - 1) % settings.period() == 0) {
        float[] basis = LowRank.basis(gradient, rows, columns, rank);
        System.arraycopy(basis, 0, state[BASIS], 0, basis.length);
      }
      float[] small = new float[state[0].length];
      LowRank.project(gradient, rows, columns, state[BASIS], rank, small);
      // What Adam makes of zeros is its step.
      float[] move = new float[small.length];
      adam.update(slice, move, small, state, step, rate * settings.scale());
      decay(weights, (float) (1 - rate * settings.weightDecay()));
      LowRank.addBack(move, weights, rows, columns, state[BASIS], rank);
    }

    private static void decay(float[] weights, float kept) {
      for (int i = 0; kept != 1 && i < weights.length; i++) {
        weights[i] *= kept;
      }
    }

    private boolean projected(Slice slice) {
      return slice.decayed()
          && slice.shape().length > 1
          && Math.min(rows(slice), columns(slice)) > settings.rank()
          && whole.stream().noneMatch(names -> names.has(slice));
    }

    private static int rows(Slice slice) {
      return slice.shape()[0];
    }

    private static int columns(Slice slice) {
      return slice.length() / Math.max(1, rows(slice));
    }

    private static int longer(Slice slice) {
      return Math.max(rows(slice), columns(slice));
    }
  }
}
