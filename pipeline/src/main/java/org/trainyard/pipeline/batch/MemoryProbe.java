package org.trainyard.pipeline.batch;

import java.util.List;
import java.util.Optional;

/**
 * Tells what a step of training takes: whoever puts batches together can ask, and need not know the
 * model.
 */
public interface MemoryProbe {

  /**
   * A full batch.
   *
   * @param rows examples, at least 1
   * @param units that each is padded to, at least 1; plays no part where examples have no length
   */
  record Shape(int rows, int units) {}

  /**
   * Bytes in both places where a step keeps what it computes.
   *
   * @param heap on the heap of the JVM
   * @param offHeap outside of it, where native code computes
   */
  record Memory(long heap, long offHeap) {
    /** None. */
    public static final Memory NONE = new Memory(0, 0);

    /** A share of both. */
    public Memory times(double share) {
      return new Memory((long) (heap * share), (long) (offHeap * share));
    }

    /** The larger of each. */
    public Memory max(Memory other) {
      return new Memory(Math.max(heap, other.heap), Math.max(offHeap, other.offHeap));
    }

    /** Whether neither is larger than the limit's. */
    public boolean within(Memory limit) {
      return heap <= limit.heap && offHeap <= limit.offHeap;
    }
  }

  /**
   * What the batches are made of.
   *
   * @param vocabulary number of token ids; 0 unless tokens
   * @param classes number of labels; 0 if targets are tokens
   * @param shape of one example, without the batch; {@code [0]} for tokens of any number
   */
  record Data(int vocabulary, int classes, List<Integer> shape) {
    /** Keeps its own copy. */
    public Data {
      shape = List.copyOf(shape);
    }

    /** Tokens. */
    public static Data tokens(int vocabulary, int classes) {
      return new Data(vocabulary, classes, List.of(0));
    }
  }

  /** What is trained, in one line: equal lines take equal memory on one machine. */
  String subject(Data data);

  /**
   * Makes ready to try.
   *
   * @param limit what a step may take
   * @throws org.trainyard.pipeline.config.ConfigException if the data does not suit the model
   */
  Trials open(Data data, Memory limit);

  /** Tries, one after the other; not thread-safe. */
  interface Trials extends AutoCloseable {

    /**
     * One step of training for each shape, in this order, on one new replica, which keeps from step
     * to step what a replica keeps.
     *
     * @return the most memory it took; empty if it does not fit
     * @throws IllegalStateException if that cannot be told, because a step fails for another reason
     */
    Optional<Memory> run(List<Shape> shapes);

    @Override
    void close();
  }
}
