package org.trainyard.dataprep.read.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Reading gzip")
class GzipStreamTest {

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static String text(byte[] file) throws IOException {
    try (InputStream in = new GzipStream(new ByteArrayInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Nested
  class OfWholeFiles {
    @Test
    void givesOneMember() throws IOException {
      String text = "some text, ".repeat(50_000);
      assertThat(text(gzip(text))).isEqualTo(text);
      assertThat(text(gzip(""))).isEmpty();
    }

    @Test
    void givesAllMembersAlsoWhereNothingSeemsAvailable() throws IOException {
      InputStream slow =
          new ByteArrayInputStream(joined(gzip("a"), gzip(""), gzip("bc"))) {
            @Override
            public int available() {
              return 0;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
              return super.read(bytes, offset, Math.min(length, 1));
            }
          };
      try (InputStream in = new GzipStream(slow)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("abc");
      }
    }

    @Test
    void skipsOverAllFieldsOfAHeaderAndPadding() throws IOException {
      byte[] plain = gzip("named");
      byte[] header = Arrays.copyOf(plain, 10);
      header[3] = 2 | 4 | 8 | 16;
      byte[] fields = {2, 0, 'x', 'y', 'n', 0, 'c', 0, 9, 9};
      byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
      assertThat(text(joined(header, fields, body, new byte[512]))).isEqualTo("named");
    }
  }

  @Nested
  class OfFaultyFiles {
    @Test
    void noticesACutAnywhereButBetweenMembers() throws IOException {
      byte[] first = gzip("first");
      byte[] both = joined(first, gzip("second"));
      for (int length = 0; length < both.length; length++) {
        byte[] cut = Arrays.copyOf(both, length);
        if (length != first.length) {
          assertThatThrownBy(() -> text(cut))
              .as("%d bytes", length)
              .isInstanceOf(EOFException.class);
        }
      }
    }

    @Test
    void noticesWrongBytes() throws IOException {
      byte[] wrong = gzip("text that was changed on its way");
      wrong[wrong.length - 6] ^= 1;
      assertThatThrownBy(() -> text(wrong))
          .isInstanceOf(ZipException.class)
          .hasMessage("the checksum is wrong");
      assertThatThrownBy(() -> text(joined(gzip("a"), new byte[] {'?'})))
          .isInstanceOf(ZipException.class)
          .hasMessage("no gzip header where one should be");
      assertThatThrownBy(() -> text("plain text".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(ZipException.class);
    }
  }
}
