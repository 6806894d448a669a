package org.trainyard.training.operate.kernel;

import java.util.List;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.model.LayerSpec;

/**
 * What a step of training takes by count: parameters, what goes out of each layer, its derivative,
 * and what the layer keeps for the way back, as the engine of Deeplearning4j lays them out. Linear
 * in rows and in rows × units.
 *
 * <p>Off the heap the count lies within a factor of {@link #ERROR} of what a step was seen to take,
 * for steps of 32 MB and more; below that, what the libraries hold for themselves weighs more.
 */
public final class StepMemory {
  /** Factor between the count and a step, at most, either way. */
  public static final double ERROR = 1.25;

  private static final int BYTES = 4;

  /** Values of a block of the last layer, as its kernel cuts them. */
  private static final int BLOCK_VALUES = 1 << 19;

  private static final int BLOCK_ROWS = 1024;

  private final ModelPlan plan;
  private final long ruleNumbers;

  /**
   * @param ruleNumbers what the update rule keeps
   */
  public StepMemory(ModelPlan plan, long ruleNumbers) {
    this.plan = plan;
    this.ruleNumbers = ruleNumbers;
  }

  /**
   * Bytes of a step.
   *
   * @param rows examples
   * @param units of each, if they are sequences
   */
  public Memory of(int rows, int units) {
    long parameters = plan.layout().length();
    // Weights and gradient on both sides, and the rule's state on the heap.
    double heap = 2.0 * parameters + ruleNumbers;
    double offHeap = 2.0 * parameters;
    List<ModelPlan.Step> steps = plan.steps();
    double all = (double) rows * units;
    boolean tokens = steps.get(0).in() instanceof Shape.Ids;
    // Ids, targets and mask, as the batch holds them and as the engine does.
    heap += tokens ? all * 4.25 : 2.0 * rows * width(steps.get(0).in());
    offHeap += tokens ? all : rows * (double) width(steps.get(0).in());
    for (int i = 0; i < steps.size(); i++) {
      ModelPlan.Step step = steps.get(i);
      double in = places(step.in(), rows, units) * width(step.in());
      boolean last = i == steps.size() - 1;
      offHeap += last ? 0 : places(step.out(), rows, units) * width(step.out());
      offHeap += i == 0 ? 0 : in;
      offHeap += kept(step, i, rows, units);
      heap += keptOnHeap(step, rows, units);
    }
    return new Memory((long) (BYTES * heap), (long) (BYTES * offHeap));
  }

  private static double kept(ModelPlan.Step step, int place, int rows, int units) {
    double all = (double) rows * units;
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Lstm lstm) {
      return 5.0 * lstm.width() * (all + rows);
    }
    if (layer instanceof LayerSpec.Convolution1d convolution) {
      int in = width(step.in());
      double padded = (double) rows * (units + convolution.kernel() - 1);
      return padded * (in + convolution.filters() + (place == 0 ? 0 : in));
    }
    if (layer instanceof LayerSpec.Convolution2d convolution) {
      // Every window as a row of a matrix, and its derivative.
      Shape.Image in = (Shape.Image) step.in();
      Shape.Image out = (Shape.Image) step.out();
      double window = (double) in.channels() * convolution.kernel() * convolution.kernel();
      return 2.0 * rows * window * out.height() * out.width();
    }
    if (layer instanceof LayerSpec.Tokens || layer instanceof LayerSpec.Classes) {
      int classes = width(step.out());
      int block = Math.max(1, Math.min(BLOCK_ROWS, BLOCK_VALUES / classes));
      double places = Math.min(block, places(step.in(), rows, units));
      return places * (classes + (layer instanceof LayerSpec.Tokens ? 2.0 * width(step.in()) : 0));
    }
    return 0;
  }

  private static double keptOnHeap(ModelPlan.Step step, int rows, int units) {
    double all = (double) rows * units;
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Lstm lstm) {
      return lstm.width() * (6.0 * all + 8.0 * rows);
    }
    if (layer instanceof LayerSpec.Tokens) {
      return all;
    }
    return layer instanceof LayerSpec.PoolOverTime ? (double) rows * width(step.out()) : 0;
  }

  private static double places(Shape shape, int rows, int units) {
    boolean sequence = shape instanceof Shape.Sequence || shape instanceof Shape.Ids;
    return sequence ? (double) rows * units : rows;
  }

  /** Values at each place; ids are no values. */
  private static int width(Shape shape) {
    if (shape instanceof Shape.Sequence sequence) {
      return sequence.width();
    }
    if (shape instanceof Shape.Vector vector) {
      return vector.width();
    }
    return shape instanceof Shape.Image image ? image.length() : 0;
  }
}
