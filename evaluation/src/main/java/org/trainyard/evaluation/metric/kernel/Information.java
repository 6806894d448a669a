package org.trainyard.evaluation.metric.kernel;

/** Losses in nats, told in units that can be compared between vocabularies. */
public final class Information {
  private Information() {}

  /**
   * Bits that a model needs for each byte of raw data. Unlike the loss of a token it does not
   * depend on how the text was cut into tokens.
   *
   * @param nats summed loss, at least 0
   * @param bytes raw bytes that the summed units stand for
   * @return 0 for no bytes
   */
  public static double bitsPerByte(double nats, long bytes) {
    return bytes == 0 ? 0 : nats / Math.log(2) / bytes;
  }

  /**
   * Loss of an answer. A probability that underflowed to 0 in single precision counts as the
   * smallest single above it, 103 nats, so that one such unit does not make the whole sum infinite.
   *
   * @param probability 0 to 1
   */
  public static double nats(double probability) {
    return -Math.log(Math.max(probability, Float.MIN_VALUE));
  }
}
