package org.trainyard.training.engine;

import java.io.Serializable;

/** What flows between two layers, without the number of examples. */
public sealed interface Shape extends Serializable {

  /**
   * Token ids {@code [n, t]}.
   *
   * @param vocabulary ids are 0 to vocabulary - 1
   */
  record Ids(int vocabulary) implements Shape {
    @Override
    public String toString() {
      return "token ids [n, t]";
    }
  }

  /** Vectors at each unit, {@code [n, t, width]}. */
  record Sequence(int width) implements Shape {
    @Override
    public String toString() {
      return "sequences [n, t, %d]".formatted(width);
    }
  }

  /** One vector an example, {@code [n, width]}. */
  record Vector(int width) implements Shape {
    @Override
    public String toString() {
      return "vectors [n, %d]".formatted(width);
    }
  }

  /** {@code [n, channels, height, width]}. */
  record Image(int channels, int height, int width) implements Shape {
    /** Number of values of one image. */
    public int length() {
      return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    @Override
    public String toString() {
      return "images [n, %d, %d, %d]".formatted(channels, height, width);
    }
  }
}
