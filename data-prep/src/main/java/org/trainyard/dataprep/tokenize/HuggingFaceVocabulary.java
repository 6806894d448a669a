package org.trainyard.dataprep.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.dataprep.tokenize.kernel.ByteAlphabet;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.Utf8;
import org.trainyard.pipeline.config.Json;

/**
 * A {@code tokenizer.json} of any kind, run by the library that it was made for. Only the text of
 * the file is sent to executors; each JVM opens it once.
 */
final class HuggingFaceVocabulary implements Tokenizer {
  private static final long serialVersionUID = 1;
  static final String FILE = "tokenizer.json";

  private final String json;
  private final int size;
  private final int unknown;
  private final boolean exact;
  private transient HuggingFaceTokenizer library;

  private HuggingFaceVocabulary(String json, int size, int unknown, boolean exact) {
    this.json = json;
    this.size = size;
    this.unknown = unknown;
    this.exact = exact;
  }

  /**
   * Reads what the file says of its ids.
   *
   * @throws IllegalArgumentException if it is no tokenizer
   */
  static HuggingFaceVocabulary of(String json) {
    JsonNode file;
    try {
      file = Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    JsonNode model = file.path("model");
    JsonNode pieces = model.path("vocab");
    if (pieces.isEmpty()) {
      throw new IllegalArgumentException("no model.vocab");
    }
    if (model.path("dropout").asDouble() > 0) {
      throw new IllegalArgumentException("model.dropout draws ids by chance: set it to null");
    }
    int last = pieces.isArray() ? pieces.size() - 1 : 0;
    if (pieces.isObject()) {
      for (JsonNode id : pieces) {
        last = Math.max(last, id.intValue());
      }
    }
    for (JsonNode added : file.path("added_tokens")) {
      last = Math.max(last, added.path("id").intValue());
    }
    return new HuggingFaceVocabulary(json, last + 1, unknown(file), exact(file));
  }

  private static int unknown(JsonNode file) {
    JsonNode model = file.path("model");
    if (model.path("unk_id").isInt()) {
      return model.get("unk_id").intValue();
    }
    String token = model.path("unk_token").asText("");
    for (JsonNode added : file.path("added_tokens")) {
      if (added.path("content").asText().equals(token)) {
        return added.path("id").intValue();
      }
    }
    return model.path("vocab").path(token).asInt(-1);
  }

  /** Whether text comes back for certain: bytes in, all bytes known, nothing changed on the way. */
  private static boolean exact(JsonNode file) {
    JsonNode pieces = file.path("model").path("vocab");
    boolean allBytes = file.path("model").path("type").asText().equals("BPE");
    for (int value = 0; value < 256; value++) {
      allBytes &= pieces.has(ByteAlphabet.text(new byte[] {(byte) value}));
    }
    boolean untrimmed = true;
    for (JsonNode added : file.path("added_tokens")) {
      untrimmed &= !added.path("lstrip").asBoolean() && !added.path("rstrip").asBoolean();
    }
    JsonNode cut = file.path("pre_tokenizer");
    JsonNode parts = cut.path("type").asText().equals("Sequence") ? cut.path("pretokenizers") : cut;
    JsonNode last = parts.isArray() ? parts.path(parts.size() - 1) : parts;
    boolean nothingDropped = true;
    for (JsonNode part : parts.isArray() ? parts : Json.MAPPER.createArrayNode().add(parts)) {
      String type = part.path("type").asText();
      nothingDropped &=
          type.equals("ByteLevel")
              || type.equals("Digits")
              || (type.equals("Split") && !part.path("behavior").asText().equals("Removed"));
    }
    return allBytes
        && untrimmed
        && nothingDropped
        && file.path("normalizer").isNull()
        && last.path("type").asText().equals("ByteLevel")
        && !last.path("add_prefix_space").asBoolean()
        && file.path("decoder").path("type").asText().equals("ByteLevel");
  }

  /** Opened at the first use in this JVM; its native memory goes when this object does. */
  private synchronized HuggingFaceTokenizer library() {
    if (library == null) {
      library = HuggingFaceLibrary.open(json, this);
    }
    return library;
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
    return unknown < 0 ? OptionalInt.empty() : OptionalInt.of(unknown);
  }

  @Override
  public boolean exact() {
    return exact;
  }

  @Override
  public Encoder encoder() {
    return this::encode;
  }

  /** Text that the file's rules drop counts to the token after it, at the end to the one before. */
  private void encode(String text, TokenBuffer out) {
    Utf8.requirePaired(text);
    Encoding encoding;
    try {
      encoding = library().encode(text);
    } finally {
      Reference.reachabilityFence(this);
    }
    long[] ids = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int codePoints = 0;
    int unit = 0;
    int end = 0;
    for (int token = 0; token < ids.length; token++) {
      int to = spans[token] == null ? 0 : spans[token].getEnd();
      boolean last = token == ids.length - 1;
      while (unit < text.length() && (last || codePoints < to)) {
        int codePoint = text.codePointAt(unit);
        unit += Character.charCount(codePoint);
        end += Utf8.length(codePoint);
        codePoints++;
      }
      out.add(Math.toIntExact(ids[token]), end);
    }
  }

  @Override
  public String decode(int[] ids) {
    long[] own = Arrays.stream(ids).filter(id -> id < size).asLongStream().toArray();
    try {
      return own.length == 0 ? "" : library().decode(own, false);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public SortedMap<String, String> files() {
    return new TreeMap<>(Map.of(FILE, json));
  }
}
