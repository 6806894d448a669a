package org.trainyard.dataprep.read.kernel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip files of one or many members, strictly: a file that was cut off anywhere, a wrong
 * checksum and bytes behind the end are errors. {@link java.util.zip.GZIPInputStream} takes a
 * stream that has nothing available for one that has ended, so that over a network it may stop
 * between two members and say nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
public final class GzipStream extends InputStream {
  private static final int HAS_CHECKSUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private int at;
  private int filled;
  private boolean ended;

  /** Reads the first header. */
  public GzipStream(InputStream in) throws IOException {
    this.in = in;
    readHeader(required());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(bytes, offset, length);
      if (count > 0) {
        checksum.update(bytes, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (inflater.needsInput()) {
        if (at == filled && !fill()) {
          throw cutOff();
        }
        inflater.setInput(buffer, at, filled - at);
        at = filled;
      } else {
        throw new ZipException("a preset dictionary is asked for");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    try {
      return inflater.inflate(bytes, offset, length);
    } catch (DataFormatException e) {
      throw (ZipException) new ZipException(String.valueOf(e.getMessage())).initCause(e);
    }
  }

  private void endMember() throws IOException {
    at = filled - inflater.getRemaining();
    long expected = checksum.getValue();
    long size = inflater.getBytesWritten() & 0xFFFFFFFFL;
    if (littleEndian() != expected || littleEndian() != size) {
      throw new ZipException("the checksum is wrong");
    }
    inflater.reset();
    checksum.reset();
    // Tapes and block devices pad with zeros behind the last member.
    int next = next();
    while (next == 0) {
      next = next();
    }
    if (next < 0) {
      ended = true;
    } else {
      readHeader(next);
    }
  }

  private void readHeader(int first) throws IOException {
    if (first != 0x1F || required() != 0x8B || required() != 8) {
      throw new ZipException("no gzip header where one should be");
    }
    int flags = required();
    skip(6);
    if ((flags & HAS_EXTRA) != 0) {
      skip(required() | required() << 8);
    }
    if ((flags & HAS_NAME) != 0) {
      skipText();
    }
    if ((flags & HAS_COMMENT) != 0) {
      skipText();
    }
    if ((flags & HAS_CHECKSUM) != 0) {
      skip(2);
    }
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      required();
    }
  }

  private void skipText() throws IOException {
    while (required() != 0) {
      continue;
    }
  }

  private long littleEndian() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) required() << shift;
    }
    return value;
  }

  private int required() throws IOException {
    int next = next();
    if (next < 0) {
      throw cutOff();
    }
    return next;
  }

  private int next() throws IOException {
    return at < filled || fill() ? buffer[at++] & 0xFF : -1;
  }

  private boolean fill() throws IOException {
    filled = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
    at = 0;
    return filled > 0;
  }

  private static EOFException cutOff() {
    return new EOFException("the compressed data ends too early");
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
