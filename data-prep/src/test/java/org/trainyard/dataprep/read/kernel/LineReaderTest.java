package org.trainyard.dataprep.read.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Reading lines")
class LineReaderTest {

  /** Lines as {@code offset:text} of a slice, {@code offset!length} where too long. */
  private static List<String> lines(byte[] file, long start, long end, int maxBytes)
      throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(file);
    in.skipNBytes(Math.max(0, start - 1));
    List<String> lines = new ArrayList<>();
    try (LineReader reader = new LineReader(in, start, end, maxBytes)) {
      while (reader.next()) {
        lines.add(
            reader.isTooLong()
                ? reader.offset() + "!" + reader.fullLength()
                : reader.offset() + ":" + Utf8.text(reader.bytes(), reader.from(), reader.to()));
      }
    }
    return lines;
  }

  private static List<String> lines(String file) throws IOException {
    return lines(file.getBytes(StandardCharsets.UTF_8), 0, Long.MAX_VALUE, 100);
  }

  @Test
  void tellsEachLineWithItsOffset() throws IOException {
    assertThat(lines("one\ntwo\r\n\nlast")).containsExactly("0:one", "4:two", "9:", "10:last");
    assertThat(lines("one\n")).containsExactly("0:one");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n")).containsExactly("0:");
  }

  @Test
  void leavesOutAByteOrderMark() throws IOException {
    assertThat(lines("\uFEFFone\n\uFEFFtwo")).containsExactly("0:one", "7:\uFEFFtwo");
  }

  @Test
  void givesEachLineOnceWhereverAFileIsCut() throws IOException {
    byte[] file =
        "\uFEFFa\n\nlonger line\r\nü\nthe last one without an end".getBytes(StandardCharsets.UTF_8);
    List<String> whole = lines(file, 0, Long.MAX_VALUE, 100);
    for (int size = 1; size <= file.length + 1; size++) {
      List<String> sliced = new ArrayList<>();
      for (long start = 0; start < file.length; start += size) {
        sliced.addAll(lines(file, start, start + size, 100));
      }
      assertThat(sliced).as("slices of %d bytes", size).isEqualTo(whole);
    }
  }

  @Test
  void skipsOverLinesAboveTheLimitWithoutHoldingThem() throws IOException {
    byte[] file =
        ("ab\n" + "x".repeat(200_000) + "\ncd\nabcd\nabcde").getBytes(StandardCharsets.UTF_8);
    assertThat(lines(file, 0, Long.MAX_VALUE, 4))
        .containsExactly("0:ab", "3!200000", "200004:cd", "200007:abcd", "200012!5");
  }

  @Test
  void readsLinesLongerThanItsBuffer() throws IOException {
    String line = "y".repeat(150_000);
    byte[] file = (line + "\n" + line + "\n").getBytes(StandardCharsets.UTF_8);
    assertThat(lines(file, 0, Long.MAX_VALUE, 1 << 20))
        .containsExactly("0:" + line, "150001:" + line);
  }
}
