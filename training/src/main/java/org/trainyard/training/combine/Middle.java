package org.trainyard.training.combine;

import java.util.List;
import java.util.TreeSet;
import org.trainyard.training.engine.Parameters;

/**
 * The mean of the middle of what the shards say of each element, once the farthest on both sides
 * are left out. Each shard counts once: a weight may be as false as a vector.
 */
final class Middle {
  private Middle() {}

  /**
   * Combines.
   *
   * @param trimmed shards to leave out on each side, less than half of them
   */
  static Parameters of(List<Contribution> contributions, int trimmed, boolean parallel) {
    return ByElement.make(
        contributions.get(0).vector(), parallel, () -> kernel(contributions, trimmed));
  }

  /** A combiner that leaves out as many on each side as a function of the shards' number says. */
  record Combining(Trim trim) implements Combiner {
    private static final long serialVersionUID = 1;

    @Override
    public boolean elementwise() {
      return true;
    }

    @Override
    public Combined combine(List<Contribution> contributions, long round) {
      return combine(contributions, false);
    }

    @Override
    public Combined combineInParallel(List<Contribution> contributions, long round) {
      return combine(contributions, true);
    }

    private Combined combine(List<Contribution> contributions, boolean parallel) {
      return new Combined(
          of(contributions, trim.of(contributions.size()), parallel), new TreeSet<>());
    }
  }

  /** How many shards are left out on each side. */
  interface Trim extends java.io.Serializable {
    int of(int shards);
  }

  /** Half of the shards, short of the one or two in the middle. */
  static int all(int shards) {
    return (shards - 1) / 2;
  }

  private static ByElement.Kernel kernel(List<Contribution> contributions, int trimmed) {
    int shards = contributions.size();
    double[] scales = contributions.stream().mapToDouble(Contribution::scale).toArray();
    float[][] vectors = new float[shards][];
    double[] sorted = new double[shards];
    return (slice, from, to, into) -> {
      for (int shard = 0; shard < shards; shard++) {
        vectors[shard] = contributions.get(shard).vector().slice(slice);
      }
      for (int at = from; at < to; at++) {
        for (int shard = 0; shard < shards; shard++) {
          insert(scales[shard] * vectors[shard][at], sorted, shard);
        }
        double sum = 0;
        for (int place = trimmed; place < shards - trimmed; place++) {
          sum += sorted[place];
        }
        into[at] = (float) (sum / (shards - 2 * trimmed));
      }
    };
  }

  /** Keeps the first few sorted; what is not a number comes last. */
  private static void insert(double value, double[] sorted, int size) {
    int place = size;
    while (place > 0 && Double.compare(sorted[place - 1], value) > 0) {
      sorted[place] = sorted[place - 1];
      place--;
    }
    sorted[place] = value;
  }
}
