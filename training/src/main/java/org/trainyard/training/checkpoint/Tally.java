package org.trainyard.training.checkpoint;

import java.io.Serializable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * What went through training: enough to check that no example was dropped or repeated. Two sets of
 * examples with equal count, {@link #xor} and {@link #sum} are the same set, but for a chance of
 * 2^-128.
 *
 * @param examples number of examples
 * @param units real units (tokens, frames; examples if there is no mask)
 * @param loss sum of the loss, in nats, weighted as the examples are; without skipped steps
 * @param weight sum of the weights behind {@code loss}
 * @param xor exclusive or of {@code mix(id)} over all examples
 * @param sum sum modulo 2^64 of {@code mix(mix(id))} over all examples: sees an example that was
 *     repeated in pairs, which {@code xor} does not
 */
public record Tally(long examples, long units, double loss, double weight, long xor, long sum)
    implements Serializable {
  /** Nothing yet. */
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

  /**
   * Counts a batch.
   *
   * @param loss its loss as a sum; 0 if its step was skipped
   * @param weight its weight; 0 if its step was skipped
   */
  public static Tally of(Batch batch, double loss, double weight) {
    long xor = 0;
    long sum = 0;
    for (long id : batch.exampleIds()) {
      long mixed = Permutation.mix(id ^ 0x5DEECE66D1234567L);
      xor ^= mixed;
      sum += Permutation.mix(mixed);
    }
    return new Tally(batch.size(), batch.realUnits(), loss, weight, xor, sum);
  }

  /** The tally of both. */
  public Tally plus(Tally other) {
    return new Tally(
        examples + other.examples,
        units + other.units,
        loss + other.loss,
        weight + other.weight,
        xor ^ other.xor,
        sum + other.sum);
  }

  /** Mean loss per unit of weight, in nats; NaN if nothing counted. */
  public double lossPerUnit() {
    return loss / weight;
  }

  /** Whether both saw the same examples, each as often. */
  public boolean sameExamples(Tally other) {
    return examples == other.examples && xor == other.xor && sum == other.sum;
  }
}
