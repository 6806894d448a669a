package org.trainyard.training.round;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.training.checkpoint.Tally;

/**
 * What a shard tells of its part in a round, beside the vector it brings.
 *
 * @param shard its number
 * @param batches how many it took from its feed
 * @param tally what went through; loss and weight only of steps that counted
 * @param terms named parts of the loss, sums
 * @param steps steps taken (gradients made, if synchronous)
 * @param skipped steps left out because something was not finite
 * @param gradientNorm sum over steps of the norm of the mean gradient before clipping
 * @param multiplyAdds what the steps took, as far as the engine counts
 * @param waited seconds that it waited for its feed
 * @param seconds that it took, waiting included
 * @param executor where it ran, as Spark names it
 * @param host of that executor
 */
record ShardReport(
    int shard,
    int batches,
    Tally tally,
    SortedMap<String, Double> terms,
    int steps,
    int skipped,
    double gradientNorm,
    long multiplyAdds,
    double waited,
    double seconds,
    String executor,
    String host)
    implements Serializable {

  ShardReport {
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
  }

  /** The same with its times. */
  ShardReport timed(double waiting, double all) {
    return new ShardReport(
        shard,
        batches,
        tally,
        terms,
        steps,
        skipped,
        gradientNorm,
        multiplyAdds,
        waiting,
        all,
        executor,
        host);
  }

  /** Whether it brings a vector. */
  boolean counts() {
    return steps > 0 && tally.weight() > 0;
  }
}
