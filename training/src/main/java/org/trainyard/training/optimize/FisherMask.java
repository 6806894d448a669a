package org.trainyard.training.optimize;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.optimize.kernel.Largest;
import org.trainyard.training.optimize.kernel.Norms;

/** Training of a fixed share of the weights. */
@Card(
    name = "fisher-mask",
    what = "Trains all weights for some steps, then only those whose gradients were largest.",
    how =
        "The squares of the mean gradients of the first steps are summed up: the diagonal of the"
            + " Fisher information, by batches, where the paper takes single examples; small batches"
            + " come closer to it. The largest share of them, over the whole model, stays trained to"
            + " the end of the run; always names what is trained besides, such as the last layer,"
            + " and counts in the share.",
    avoid =
        "Mode synchronous only. Made for adapting a trained model: from first parameters on, a"
            + " share of the weights learns less than all of them.",
    papers = {"Training Neural Networks with Fixed Sparse Masks (arXiv 2111.09839)"})
public final class FisherMask implements StepTechnique<FisherMask.Config> {

  /** Settings of {@code fisher-mask}. */
  public record Config(
      @Setting(help = "Share of the weights that is trained.", standard = "0.05", min = 0, max = 1)
          double share,
      @Setting(
              help = "Steps of all weights before, which the mask is made from.",
              standard = "100",
              min = 1)
          long steps,
      @Setting(
              help = "Names of parameters that are always trained, * for any text.",
              standard = "[]")
          List<String> always) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public StepForm create(Config settings) {
    List<Names> always = settings.always().stream().map(Names::like).toList();
    double share = settings.share();
    long steps = settings.steps();
    return rule -> new Rule(rule, share, steps, always);
  }

  /** State: the rule's, then sums of squares, which become the mask of ones and zeros. */
  record Rule(StepRule rule, double share, long steps, List<Names> always) implements StepRule {
    @Override
    public double learningRate() {
      return rule.learningRate();
    }

    @Override
    public List<Parameters> freshState(Layout layout) {
      List<Parameters> state = new ArrayList<>(rule.freshState(layout));
      state.add(Parameters.zeros(layout));
      return List.copyOf(state);
    }

    @Override
    public boolean averages() {
      return false;
    }

    @Override
    public Stepper open(Layout layout) {
      Stepper stepper = rule.open(layout);
      Parameters before = Parameters.zeros(layout);
      return (weights, state, step, rate, oracle) -> {
        List<Parameters> own = state.subList(0, state.size() - 1);
        Parameters mask = state.get(state.size() - 1);
        if (step <= steps) {
          return stepper.step(
              weights, own, step, rate, (at, into) -> watched(layout, oracle, at, into, mask));
        }
        if (step == steps + 1) {
          // Made anew if this step is tried again: the largest of ones and zeros are the ones.
          choose(layout, mask);
        }
        before.set(weights);
        Outcome outcome =
            stepper.step(weights, own, step, rate, (at, into) -> masked(oracle, at, into, mask));
        restore(weights, before, mask);
        return outcome;
      };
    }

    private static GradientSum watched(
        Layout layout, Oracle oracle, Parameters at, Parameters gradient, Parameters squares) {
      GradientSum sum = oracle.at(at, gradient);
      if (sum.finite() && sum.weight() > 0) {
        for (int i = 0; i < gradient.count(); i++) {
          if (layout.slices().get(i).kind() != Slice.Kind.RUNNING_STATISTIC) {
            addSquares(gradient.slice(i), (float) (1 / sum.weight()), squares.slice(i));
          }
        }
      }
      return sum;
    }

    private static void addSquares(float[] gradient, float share, float[] squares) {
      for (int i = 0; i < gradient.length; i++) {
        float mean = gradient[i] * share;
        squares[i] += mean * mean;
      }
    }

    private void choose(Layout layout, Parameters squares) {
      List<float[]> open = new ArrayList<>();
      long all = 0;
      long taken = 0;
      for (int i = 0; i < squares.count(); i++) {
        Slice slice = layout.slices().get(i);
        if (slice.kind() == Slice.Kind.RUNNING_STATISTIC) {
          continue;
        }
        all += slice.length();
        if (always.stream().anyMatch(names -> names.has(slice))) {
          taken += slice.length();
          java.util.Arrays.fill(squares.slice(i), 1);
        } else {
          open.add(squares.slice(i));
        }
      }
      long left = Math.max(0, (long) (share * all) - taken);
      Largest.mark(open.toArray(float[][]::new), left);
    }

    private static GradientSum masked(
        Oracle oracle, Parameters at, Parameters gradient, Parameters mask) {
      GradientSum sum = oracle.at(at, gradient);
      for (int i = 0; i < gradient.count(); i++) {
        Norms.multiply(gradient.slice(i), mask.slice(i));
      }
      return sum;
    }

    /** Momentum and decay move weights without a gradient too. */
    private static void restore(Parameters weights, Parameters before, Parameters mask) {
      for (int i = 0; i < weights.count(); i++) {
        float[] now = weights.slice(i);
        float[] was = before.slice(i);
        float[] trained = mask.slice(i);
        for (int j = 0; j < now.length; j++) {
          now[j] = trained[j] == 0 ? was[j] : now[j];
        }
      }
    }
  }
}
