package org.trainyard.dataprep.read;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.trainyard.dataprep.read.FoundDocument.Fault;
import org.trainyard.dataprep.read.kernel.MainText;
import org.trainyard.dataprep.read.kernel.Utf8;

/** Files that are one document: text and HTML. */
final class WholeFileReader implements DocumentReader {
  private final InputStream in;
  private final boolean html;
  private final long knownBytes;
  private final int maxBytes;
  private boolean done;

  /**
   * Reads a stream of a file that is not compressed any more.
   *
   * @param knownBytes length of the stream, where it is known; else 0
   */
  WholeFileReader(InputStream in, Format format, long knownBytes, int maxBytes) {
    this.in = in;
    this.html = format == Format.HTML;
    this.knownBytes = knownBytes;
    this.maxBytes = maxBytes;
  }

  @Override
  public Optional<FoundDocument> next() throws IOException {
    if (done) {
      return Optional.empty();
    }
    done = true;
    if (knownBytes > maxBytes) {
      return Optional.of(FoundDocument.faulty("", Fault.tooLarge(knownBytes, maxBytes)));
    }
    byte[] bytes = in.readNBytes(maxBytes);
    long rest = countRest();
    if (rest > 0) {
      return Optional.of(FoundDocument.faulty("", Fault.tooLarge(bytes.length + rest, maxBytes)));
    }
    return Optional.of(html ? page(bytes) : text(bytes));
  }

  /** Bytes behind the limit: read to know how many, and that the file is whole; held by no one. */
  private long countRest() throws IOException {
    byte[] buffer = new byte[1 << 16];
    long rest = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      rest += count;
    }
    return rest;
  }

  private static FoundDocument text(byte[] bytes) {
    int from = Utf8.byteOrderMark(bytes, 0, bytes.length);
    int fault = Utf8.fault(bytes, from, bytes.length);
    return fault < 0
        ? FoundDocument.plain("", Utf8.text(bytes, from, bytes.length))
        : brokenUtf8(bytes, fault);
  }

  private static FoundDocument page(byte[] bytes) throws IOException {
    Document page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
    Charset charset = page.charset();
    int fault = charset.equals(StandardCharsets.UTF_8) ? Utf8.fault(bytes, 0, bytes.length) : -1;
    if (fault >= 0) {
      return brokenUtf8(bytes, fault);
    }
    String text = MainText.of(page);
    return text.isEmpty()
        ? FoundDocument.faulty("", new Fault(Fault.EMPTY, "no text beside menus and scripts"))
        : FoundDocument.plain("", text);
  }

  private static FoundDocument brokenUtf8(byte[] bytes, int fault) {
    return FoundDocument.faulty(
        "", new Fault(Fault.BROKEN_UTF8, Utf8.describe(bytes, 0, fault) + " in the file"));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
