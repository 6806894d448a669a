package org.trainyard.training.codec;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.trainyard.training.engine.Parameters;

/**
 * How vectors are written to go from executor to driver and back. Equal vectors give equal bytes,
 * and bytes decode to the same vector everywhere.
 */
public interface Codec extends Serializable {

  /** Whether every value comes back as it was. */
  boolean exact();

  /**
   * Writes a vector.
   *
   * @param values at most 2^31 - 1 bytes when encoded: longer ones are cut into slices first
   * @return exactly what is sent, so that its length counts the bytes exchanged
   */
  byte[] encode(Parameters values);

  /**
   * Reads a vector.
   *
   * @param from what {@link #encode} wrote, from the buffer's position; moved behind it
   * @param into is overwritten; of the same form as what was encoded
   */
  void decode(ByteBuffer from, Parameters into);
}
