package org.trainyard.training.round;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.trainyard.training.checkpoint.Tally;

/**
 * What one round did.
 *
 * @param round its number, from 0
 * @param epoch it belongs to, from 0
 * @param endsEpoch whether all shards are through with the epoch
 * @param tally what went through
 * @param terms named parts of the loss, sums; empty if there is one part
 * @param rate learning rate at its start
 * @param gradientNorm norm of the mean gradient before clipping; with local steps, the mean of the
 *     steps'
 * @param counted shards that took part in the result
 * @param distrusted shards that brought something which the combiner left out
 * @param skippedSteps steps left out because something was not finite
 * @param multiplyAdds what the steps took, summed, as far as the engine counts; 0 if it does not
 * @param bytesDown bytes sent to each executor
 * @param bytesUp bytes of all vectors that came back
 * @param seconds it took
 * @param waited seconds that shards waited for their feeds, summed
 * @param shardSeconds seconds that shards took, waiting included, summed
 */
public record RoundReport(
    long round,
    long epoch,
    boolean endsEpoch,
    Tally tally,
    SortedMap<String, Double> terms,
    double rate,
    double gradientNorm,
    List<Integer> counted,
    SortedSet<Integer> distrusted,
    int skippedSteps,
    long multiplyAdds,
    long bytesDown,
    long bytesUp,
    double seconds,
    double waited,
    double shardSeconds) {

  /** Keeps its own copies. */
  public RoundReport {
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
    counted = List.copyOf(counted);
    distrusted = Collections.unmodifiableSortedSet(new TreeSet<>(distrusted));
  }

  /** Share of the shards' time that they waited for their feeds, 0 to 1. */
  public double waitingShare() {
    return shardSeconds == 0 ? 0 : waited / shardSeconds;
  }
}
