package org.trainyard.dataprep.read;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The documents of a slice, one after another. */
interface DocumentReader extends Closeable {

  /**
   * The next document; empty at the end.
   *
   * @throws IOException if the file cannot be read further: {@link FileFaults} tells what that
   *     means
   */
  Optional<FoundDocument> next() throws IOException;
}
