package org.trainyard.training.engine;

import java.util.Arrays;
import java.util.List;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Draws first parameters. Value i of a slice is the i-th output of a SplitMix64 generator that is
 * seeded with the run's seed and the slice's name, so it depends on no engine, no order and no
 * other slice.
 */
final class FirstParameters {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private FirstParameters() {}

  static Parameters draw(List<ModelPlan.Part> parts, long seed) {
    return Parameters.of(parts.stream().map(part -> draw(part, seed)).toArray(float[][]::new));
  }

  private static float[] draw(ModelPlan.Part part, long seed) {
    float[] values = new float[part.slice().length()];
    if (part.first() instanceof ModelPlan.First.Uniform uniform) {
      long state = Permutation.mix(Permutation.mix(seed) + part.slice().name().hashCode());
      for (int i = 0; i < values.length; i++) {
        state += GOLDEN;
        values[i] = (float) (uniform.bound() * signedUnit(Permutation.mix(state)));
      }
    } else if (part.first() instanceof ModelPlan.First.Constant constant) {
      Arrays.fill(values, constant.from(), constant.to(), constant.value());
    }
    return values;
  }

  /** The upper 53 bits as a number from -1 (inclusive) to 1 (exclusive). */
  private static double signedUnit(long bits) {
    return (bits >>> 11) * 0x1.0p-52 - 1;
  }
}
