package org.trainyard.training.optimize;

/** How the learning rate grows with the batch of a step. */
public enum RateScaling {
  /** Not at all. */
  NONE,
  /**
   * In proportion, for rules whose step is in proportion to the gradient.
   *
   * @see <a href="https://arxiv.org/abs/1706.02677">Goyal et al. 2017</a>
   */
  LINEAR,
  /**
   * With the square root, for rules that divide by the gradient's size.
   *
   * @see <a href="https://arxiv.org/abs/1904.00962">You et al. 2019</a>
   */
  SQUARE_ROOT;

  /**
   * The factor on the rate.
   *
   * @param batch examples of a step
   * @param reference examples of a step that the rate was found for
   */
  public double factor(double batch, double reference) {
    return switch (this) {
      case NONE -> 1;
      case LINEAR -> batch / reference;
      case SQUARE_ROOT -> Math.sqrt(batch / reference);
    };
  }

  /** A schedule with this factor on it. */
  public Schedule of(Schedule schedule, double batch, double reference) {
    return this == NONE ? schedule : new Scaled(schedule, factor(batch, reference));
  }

  private record Scaled(Schedule schedule, double factor) implements Schedule {
    @Override
    public double factor(long seen, long total) {
      return factor * schedule.factor(seen, total);
    }
  }
}
