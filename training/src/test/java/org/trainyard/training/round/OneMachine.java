package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;

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
    try (Replica replica = opener.open(Device.CPU)) {
      Parameters weights = Parameters.zeros(replica.layout());
      replica.store(weights);
      for (long epoch = 0; epoch < epochs; epoch++) {
        for (long round = 0; round < feed.batches(0, epoch); round++) {
          step(replica, weights, feed, epoch, round, rate);
        }
      }
      return weights;
    }
  }

  private static void step(
      Replica replica, Parameters weights, Feed feed, long epoch, long round, double rate) {
    Parameters gradient = Parameters.zeros(replica.layout());
    double[][] sum = new double[weights.count()][];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = new double[weights.slice(i).length];
    }
    double weight = 0;
    replica.load(weights);
    for (int shard = 0; shard < feed.shards(); shard++) {
      Optional<Batch> batch = batch(feed, shard, epoch, round);
      if (batch.isPresent()) {
        weight += replica.lossAndGradient(batch.get(), Mode.train(0), gradient).weight();
        add(gradient, sum);
      }
    }
    for (int i = 0; i < sum.length; i++) {
      for (int j = 0; j < sum[i].length; j++) {
        weights.slice(i)[j] -= (float) (rate * sum[i][j] / weight);
      }
    }
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
