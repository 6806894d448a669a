package org.trainyard.dataprep.tokenize;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.ByteModel;
import org.trainyard.dataprep.tokenize.kernel.EqualInfo;
import org.trainyard.dataprep.tokenize.kernel.PlainArithmetic;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.pipeline.config.Json;

/** Arithmetically coded text: ids are padding, begin, then the words of {@link #bits} bits. */
final class CompressingTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;
  private static final String CARD = "equal-info.json";
  private static final String COUNTS = "byte-counts.txt";
  private static final int PAD = 0;
  private static final int BEGIN = 1;
  private static final int FIRST = 2;

  private record Card(int bits, int order, boolean reset) {}

  private final int bits;
  private final boolean reset;
  private final ByteModel model;
  private final String counts;

  /**
   * @param counts context to how often each byte followed it
   */
  CompressingTokenizer(int bits, int order, boolean reset, Map<byte[], long[]> counts) {
    this.bits = bits;
    this.reset = reset;
    this.model = new ByteModel(order, counts);
    this.counts = write(counts);
  }

  static CompressingTokenizer read(SortedMap<String, String> files) {
    Card card = Json.read(files.get(CARD), Card.class);
    return new CompressingTokenizer(
        card.bits(), card.order(), card.reset(), counts(files.get(COUNTS)));
  }

  /**
   * A line a context: its bytes in hexadecimal, then {@code byte:count}, all set apart by spaces.
   */
  private static String write(Map<byte[], long[]> counts) {
    SortedMap<String, String> lines = new TreeMap<>();
    counts.forEach(
        (context, followers) -> {
          StringBuilder line = new StringBuilder();
          for (int value = 0; value < 256; value++) {
            if (followers[value] > 0) {
              line.append(' ').append(HexFormat.of().toHexDigits((byte) value));
              line.append(':').append(followers[value]);
            }
          }
          lines.put(HexFormat.of().formatHex(context), line.append('\n').toString());
        });
    StringBuilder all = new StringBuilder();
    lines.forEach((context, line) -> all.append(context).append(line));
    return all.toString();
  }

  private static Map<byte[], long[]> counts(String text) {
    Map<byte[], long[]> counts = new TreeMap<>(Arrays::compareUnsigned);
    text.lines()
        .forEach(
            line -> {
              String[] parts = line.split(" ");
              long[] followers = new long[256];
              for (int part = 1; part < parts.length; part++) {
                followers[HexFormat.fromHexDigits(parts[part], 0, 2)] =
                    Long.parseLong(parts[part].substring(3));
              }
              counts.put(HexFormat.of().parseHex(parts[0]), followers);
            });
    return counts;
  }

  @Override
  public int vocabulary() {
    return FIRST + (1 << bits);
  }

  @Override
  public int begin() {
    return BEGIN;
  }

  @Override
  public int pad() {
    return PAD;
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.empty();
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public Encoder encoder() {
    return this::encode;
  }

  private void encode(String text, TokenBuffer out) {
    byte[] bytes = Utf8.bytes(text);
    if (reset) {
      EqualInfo.encode(model, bits, bytes, FIRST, out);
    } else {
      PlainArithmetic.encode(model, bits, bytes, FIRST, out);
    }
  }

  /** Without reset, only the beginning of a document can be read. */
  @Override
  public String decode(int[] ids) {
    int[] words = Arrays.stream(ids).filter(id -> id >= FIRST).map(id -> id - FIRST).toArray();
    if (!reset) {
      return new String(PlainArithmetic.decode(model, bits, words), StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream(words.length * 4);
    byte[] window = new byte[1 << bits];
    for (int word : words) {
      text.write(window, 0, EqualInfo.decode(model, bits, word, window));
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>(
        Map.of(CARD, Json.pretty(new Card(bits, model.order(), reset)), COUNTS, counts));
  }
}
