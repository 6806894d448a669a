package org.trainyard.dataprep.tokenize;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.GptBytePairEncodingParams;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.pipeline.config.Json;

/** A vocabulary of ranked byte sequences: a bundled one by name, or one given with its ranks. */
final class RankTokenizer implements Tokenizer {
  private static final long serialVersionUID = 1;
  private static final String CARD = "tiktoken.json";
  private static final String RANKS = "ranks.tiktoken";

  /**
   * How GPT-2 cuts text: contractions, letters, digits, signs, each with a space before; spaces.
   */
  static final String GPT2_PATTERN =
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** Ids of the bundled vocabularies, special tokens and gaps before them included. */
  static final SortedMap<String, Integer> SIZES =
      new TreeMap<>(
          Map.of(
              "r50k_base", 50_257,
              "p50k_base", 50_281,
              "cl100k_base", 100_277,
              "o200k_base", 200_019));

  private static final EncodingRegistry BUNDLED = Encodings.newLazyEncodingRegistry();

  private record Card(String vocabulary, String pattern) {}

  private final String name;
  private final String pattern;
  private final String ranks;
  private final int size;
  private transient Encoding encoding;

  private RankTokenizer(String name, String pattern, String ranks, int size) {
    this.name = name;
    this.pattern = pattern;
    this.ranks = ranks;
    this.size = size;
  }

  static RankTokenizer named(String name) {
    return new RankTokenizer(name, "", "", SIZES.get(name));
  }

  /**
   * A vocabulary from the text of its file.
   *
   * @throws IllegalArgumentException if a line is broken, an id given twice, or a byte missing
   */
  static RankTokenizer of(String pattern, String ranks) {
    boolean[] bytes = new boolean[256];
    int last = 0;
    for (Map.Entry<byte[], Integer> token : parse(ranks).entrySet()) {
      last = Math.max(last, token.getValue());
      if (token.getKey().length == 1) {
        bytes[token.getKey()[0] & 0xFF] = true;
      }
    }
    for (int value = 0; value < 256; value++) {
      if (!bytes[value]) {
        throw new IllegalArgumentException("byte %d has no rank".formatted(value));
      }
    }
    return new RankTokenizer("", pattern, ranks, last + 1);
  }

  static RankTokenizer read(SortedMap<String, String> files) {
    Card card = Json.read(files.get(CARD), Card.class);
    return card.vocabulary().isEmpty()
        ? of(card.pattern(), files.get(RANKS))
        : named(card.vocabulary());
  }

  private static Map<byte[], Integer> parse(String ranks) {
    Map<byte[], Integer> tokens = new LinkedHashMap<>();
    Map<Integer, Integer> lines = new TreeMap<>();
    int number = 0;
    for (String line : ranks.split("\n")) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] parts = line.strip().split(" ");
      int rank;
      try {
        rank = Integer.parseInt(parts[parts.length - 1]);
        tokens.put(Base64.getDecoder().decode(parts[0]), rank);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line %d is '%s'".formatted(number, line.strip()), e);
      }
      Integer other = lines.put(rank, number);
      if (parts.length != 2 || rank < 0 || other != null) {
        throw new IllegalArgumentException(
            other == null
                ? "line %d is '%s'".formatted(number, line.strip())
                : "lines %d and %d have the same rank".formatted(other, number));
      }
    }
    return tokens;
  }

  private synchronized Encoding encoding() {
    if (encoding == null) {
      encoding = name.isEmpty() ? given() : BUNDLED.getEncoding(name).orElseThrow();
    }
    return encoding;
  }

  /** What the pattern leaves out is cut into single characters, so that nothing is lost. */
  private Encoding given() {
    EncodingRegistry registry = Encodings.newLazyEncodingRegistry();
    Pattern all = Pattern.compile("(?:" + pattern + ")|(?s:.)", Pattern.UNICODE_CHARACTER_CLASS);
    registry.registerGptBytePairEncoding(
        new GptBytePairEncodingParams("given", all, parse(ranks), Map.of()));
    return registry.getEncoding("given").orElseThrow();
  }

  @Override
  public int vocabulary() {
    return size + 2;
  }

  @Override
  public int begin() {
    return size;
  }

  @Override
  public int pad() {
    return size + 1;
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
    Encoding open = encoding();
    int[] lengths = new int[size];
    IntArrayList one = new IntArrayList(1);
    return (text, out) -> encode(open, text, lengths, one, out);
  }

  private static void encode(
      Encoding open, String text, int[] lengths, IntArrayList one, TokenBuffer out) {
    Utf8.requirePaired(text);
    IntArrayList ids = open.encodeOrdinary(text);
    int end = 0;
    for (int at = 0; at < ids.size(); at++) {
      int id = ids.get(at);
      if (lengths[id] == 0) {
        one.clear();
        one.add(id);
        lengths[id] = open.decodeBytes(one).length;
      }
      end += lengths[id];
      out.add(id, end);
    }
  }

  @Override
  public String decode(int[] ids) {
    IntArrayList own = new IntArrayList(ids.length);
    for (int id : ids) {
      if (id < size) {
        own.add(id);
      }
    }
    return new String(encoding().decodeBytes(own), StandardCharsets.UTF_8);
  }

  @Override
  public SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    files.put(CARD, Json.pretty(new Card(name, pattern)));
    if (name.isEmpty()) {
      files.put(RANKS, ranks);
    }
    return files;
  }
}
