package org.trainyard.dataprep.read.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the lines of a slice of a file. A line belongs to the slice in which its first byte is, so
 * that the slices of a file give each line once, wherever they are cut. Lines end at line feeds; a
 * carriage return before one is not part of the line, nor is a byte order mark at the start of the
 * file.
 *
 * <p>Memory: one buffer and the longest line, at most the limit.
 */
public final class LineReader implements Closeable {
  private final InputStream in;
  private final long end;
  private final int maxBytes;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;
  private long position;

  private byte[] line = new byte[4096];
  private int length;
  private long fullLength;
  private long offset;

  /**
   * Reads from a stream.
   *
   * @param in stands at {@code start}, or one byte before it if {@code start} is not 0
   * @param start offset of the slice's first byte
   * @param end offset after its last byte; {@link Long#MAX_VALUE} for all
   * @param maxBytes longer lines are skipped over without being held
   */
  public LineReader(InputStream in, long start, long end, int maxBytes) throws IOException {
    this.in = in;
    this.end = end;
    this.maxBytes = maxBytes;
    this.position = start;
    if (start > 0) {
      position = start - 1;
      skipLineBegunBefore();
    }
  }

  private void skipLineBegunBefore() throws IOException {
    while (position < end && fill()) {
      position++;
      if (buffer[at++] == '\n') {
        return;
      }
    }
    position = end;
  }

  /** Goes to the next line; false at the end of the slice. */
  public boolean next() throws IOException {
    if (position >= end || !fill()) {
      return false;
    }
    offset = position;
    length = 0;
    fullLength = 0;
    boolean ended = false;
    while (!ended && fill()) {
      int stop = at;
      while (stop < filled && buffer[stop] != '\n') {
        stop++;
      }
      ended = stop < filled;
      take(stop);
      position += ended ? 1 : 0;
      at += ended ? 1 : 0;
    }
    if (!isTooLong() && length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  private void take(int stop) {
    int count = stop - at;
    fullLength += count;
    position += count;
    if (fullLength <= maxBytes) {
      if (line.length - length < count) {
        line = Arrays.copyOf(line, Math.min(maxBytes, Math.max(2 * line.length, length + count)));
      }
      System.arraycopy(buffer, at, line, length, count);
      length += count;
    } else {
      length = 0;
    }
    at = stop;
  }

  private boolean fill() throws IOException {
    if (at < filled) {
      return true;
    }
    filled = in.readNBytes(buffer, 0, buffer.length);
    at = 0;
    return filled > 0;
  }

  /** Offset of the line's first byte in the file. */
  public long offset() {
    return offset;
  }

  /** Whether the line is longer than the limit and was not held. */
  public boolean isTooLong() {
    return fullLength > maxBytes;
  }

  /** Bytes of the line, held or not. */
  public long fullLength() {
    return fullLength;
  }

  /** Holds the line from {@link #from} to {@link #to}; overwritten by the next one. */
  public byte[] bytes() {
    return line;
  }

  /** Index of the line's first byte, behind a byte order mark. */
  public int from() {
    return offset == 0 ? Utf8.byteOrderMark(line, 0, length) : 0;
  }

  /** Index after the line's last byte. */
  public int to() {
    return length;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
