package org.trainyard.dataprep.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.dataprep.tokenize.kernel.WordPieces;
import org.trainyard.pipeline.config.Json;

/** Words in pieces; what stands between words is lost. Words are {@link Pieces} without spaces. */
record WordPieceTokenizer(WordPieces pieces) implements Tokenizer {
  static final String FILE = "tokenizer.json";
  private static final List<String> SPECIAL = List.of("[PAD]", "[CLS]", "[UNK]");

  static WordPieceTokenizer read(SortedMap<String, String> files) {
    JsonNode vocabulary;
    try {
      vocabulary = Json.MAPPER.readTree(files.get(FILE)).path("model").path("vocab");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON: " + e.getOriginalMessage(), e);
    }
    List<String> pieces = new ArrayList<>();
    vocabulary.fieldNames().forEachRemaining(pieces::add);
    return new WordPieceTokenizer(new WordPieces(pieces.subList(WordPieces.FIRST, pieces.size())));
  }

  @Override
  public int vocabulary() {
    return pieces.vocabulary();
  }

  @Override
  public int begin() {
    return WordPieces.BEGIN;
  }

  @Override
  public int pad() {
    return WordPieces.PAD;
  }

  @Override
  public OptionalInt unknown() {
    return OptionalInt.of(WordPieces.UNKNOWN);
  }

  @Override
  public boolean exact() {
    return false;
  }

  @Override
  public Encoder encoder() {
    int[] ids = new int[2 * Pieces.LONGEST_RUN];
    int[] ends = new int[2 * Pieces.LONGEST_RUN];
    return (text, out) -> encode(text, ids, ends, out);
  }

  /** White space counts to the token after it, at the end of the text to the one before. */
  private void encode(String text, int[] ids, int[] ends, TokenBuffer out) {
    byte[] bytes = Utf8.bytes(text);
    int last = -1;
    int lastEnd = 0;
    for (int from = 0; from < bytes.length; ) {
      int to = Pieces.end(bytes, from, bytes.length);
      int start = bytes[from] == ' ' ? from + 1 : from;
      String word = new String(bytes, start, to - start, StandardCharsets.UTF_8);
      if (!isWhiteSpace(word)) {
        int size = pieces.cut(word, ids, ends);
        if (size == 0) {
          ids[0] = WordPieces.UNKNOWN;
          ends[0] = word.length();
          size = 1;
        }
        int end = start;
        for (int at = 0; at < size; at++) {
          if (last >= 0) {
            out.add(last, lastEnd);
          }
          last = ids[at];
          end += utf8Length(word, at == 0 ? 0 : ends[at - 1], ends[at]);
          lastEnd = end;
        }
      }
      from = to;
    }
    if (last >= 0) {
      out.add(last, bytes.length);
    }
  }

  /** A piece is white space throughout or has none but the space before it. */
  private static boolean isWhiteSpace(String piece) {
    return piece.isEmpty() || Pieces.isWhiteSpace(piece.codePointAt(0));
  }

  private static int utf8Length(String text, int from, int to) {
    int length = 0;
    for (int at = from; at < to; ) {
      int codePoint = text.codePointAt(at);
      length += Utf8.length(codePoint);
      at += Character.charCount(codePoint);
    }
    return length;
  }

  @Override
  public String decode(int[] ids) {
    return pieces.decode(ids);
  }

  @Override
  public SortedMap<String, String> files() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.size(); id++) {
      added.add(TokenizerJson.special(id, SPECIAL.get(id)));
    }
    root.putNull("normalizer");
    ObjectNode cut = root.putObject("pre_tokenizer").put("type", "Sequence");
    ArrayNode cuts = cut.putArray("pretokenizers");
    cuts.add(TokenizerJson.split());
    cuts.addObject().put("type", "WhitespaceSplit");
    root.putNull("post_processor");
    root.putObject("decoder")
        .put("type", "WordPiece")
        .put("prefix", WordPieces.INSIDE)
        .put("cleanup", false);
    ObjectNode model = root.putObject("model").put("type", "WordPiece");
    model.put("unk_token", SPECIAL.get(WordPieces.UNKNOWN));
    model.put("continuing_subword_prefix", WordPieces.INSIDE);
    model.put("max_input_chars_per_word", 2 * Pieces.LONGEST_RUN);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < SPECIAL.size(); id++) {
      vocabulary.put(SPECIAL.get(id), id);
    }
    for (String piece : pieces.pieces()) {
      vocabulary.put(piece, vocabulary.size());
    }
    return new TreeMap<>(Map.of(FILE, Json.pretty(root)));
  }
}
