package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;

/** Plain gradient descent on one replica, with the batches of all shards of a round summed. */
final class OneMachine {
  private OneMachine() {}

  /** Trains with the mean gradient of each round, summed in double precision. */
  static Parameters train(ModelOpener opener, Feed feed, double rate, long epochs) {
    return train(opener, feed, rate, epochs, 1, 0);
  }

  /**
   * The same with several batches of each shard in a round, and with the gradient of a point
   * uphill.
   *
   * @param radius how far uphill; 0 for the gradient at the weights themselves
   */
  static Parameters train(
      ModelOpener opener, Feed feed, double rate, long epochs, int batchesPerStep, double radius) {
    try (Replica replica = opener.open(Device.CPU)) {
      Parameters weights = Parameters.zeros(replica.layout());
      replica.store(weights);
      for (long epoch = 0; epoch < epochs; epoch++) {
        for (long first = 0; first < feed.batches(0, epoch); first += batchesPerStep) {
          double[][] mean = mean(replica, weights, feed, epoch, first, batchesPerStep);
          if (radius > 0) {
            Parameters uphill = weights.copy();
            move(uphill, mean, radius / norm(mean));
            mean = mean(replica, uphill, feed, epoch, first, batchesPerStep);
          }
          move(weights, mean, -rate);
        }
      }
      return weights;
    }
  }

  private static double norm(double[][] vector) {
    return Math.sqrt(
        Arrays.stream(vector).flatMapToDouble(Arrays::stream).map(value -> value * value).sum());
  }

  private static void move(Parameters weights, double[][] direction, double factor) {
    for (int i = 0; i < direction.length; i++) {
      for (int j = 0; j < direction[i].length; j++) {
        weights.slice(i)[j] += (float) (factor * direction[i][j]);
      }
    }
  }

  private static double[][] mean(
      Replica replica, Parameters weights, Feed feed, long epoch, long first, int count) {
    Parameters gradient = Parameters.zeros(replica.layout());
    double[][] sum = new double[weights.count()][];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = new double[weights.slice(i).length];
    }
    double weight = 0;
    replica.load(weights);
    for (int shard = 0; shard < feed.shards(); shard++) {
      for (int i = 0; i < count; i++) {
        Optional<Batch> batch = batch(feed, shard, epoch, first + i);
        if (batch.isPresent()) {
          weight += replica.lossAndGradient(batch.get(), Mode.train(0), gradient).weight();
          add(gradient, sum);
        }
      }
    }
    for (double[] slice : sum) {
      for (int j = 0; j < slice.length; j++) {
        slice[j] /= weight;
      }
    }
    return sum;
  }

  private static Optional<Batch> batch(Feed feed, int shard, long epoch, long number) {
    if (number >= feed.batches(shard, epoch)) {
      return Optional.empty();
    }
    try (Feed.Cursor cursor = feed.open(shard, epoch, number)) {
      return cursor.next();
    }
  }

  private static void add(Parameters gradient, double[][] sum) {
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < sum[i].length; j++) {
        sum[i][j] += gradient.slice(i)[j];
      }
    }
  }

  /** Requires a relative error of the largest parameter below 1e-6, in the largest norm. */
  static void assertClose(Parameters actual, Parameters expected) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.count(); i++) {
      for (int j = 0; j < expected.slice(i).length; j++) {
        float wanted = expected.slice(i)[j];
        largest = Math.max(largest, Math.abs(wanted));
        difference = Math.max(difference, Math.abs(wanted - actual.slice(i)[j]));
      }
    }
    assertThat(difference / largest).isLessThan(1e-6);
  }
}
