package org.trainyard.dataprep.tokenize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.trainyard.dataprep.tokenize.kernel.ByteAlphabet;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.pipeline.config.Json;

/**
 * Writes a byte-level vocabulary as the {@code tokenizer.json} that Hugging Face tooling reads, and
 * reads back what it wrote.
 */
final class TokenizerJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String PAD = "<|pad|>";
  private static final String BEGIN = "<|begin|>";

  private TokenizerJson() {}

  static String write(Merges merges) {
    ObjectNode root = NODES.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    added.add(special(Merges.PAD, PAD));
    added.add(special(Merges.BEGIN, BEGIN));
    root.putNull("normalizer");
    root.set("pre_tokenizer", preTokenizer());
    root.putNull("post_processor");
    root.set("decoder", byteLevel());
    root.set("model", model(merges));
    return Json.pretty(root);
  }

  /** An entry of {@code added_tokens}. */
  static ObjectNode special(int id, String content) {
    return NODES
        .objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode preTokenizer() {
    ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
    sequence.putArray("pretokenizers").add(split()).add(byteLevel());
    return sequence;
  }

  /** The rule that cuts text as {@link Pieces} does. */
  static ObjectNode split() {
    ObjectNode split =
        NODES.objectNode().put("type", "Split").put("behavior", "Isolated").put("invert", false);
    split.putObject("pattern").put("Regex", Pieces.REGEX);
    return split;
  }

  private static ObjectNode byteLevel() {
    return NODES
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }

  private static ObjectNode model(Merges merges) {
    ObjectNode model = NODES.objectNode();
    model.put("type", "BPE");
    model.putNull("dropout");
    model.putNull("unk_token");
    model.putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix");
    model.put("fuse_unk", false);
    model.put("byte_fallback", false);
    model.put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    vocabulary.put(PAD, Merges.PAD).put(BEGIN, Merges.BEGIN);
    for (int id = Merges.FIRST_BYTE; id < merges.vocabulary(); id++) {
      vocabulary.put(ByteAlphabet.text(merges.bytes(id)), id);
    }
    ArrayNode pairs = model.putArray("merges");
    for (int merge = 0; merge < merges.size(); merge++) {
      pairs.add(
          ByteAlphabet.text(merges.bytes(merges.left(merge)))
              + " "
              + ByteAlphabet.text(merges.bytes(merges.right(merge))));
    }
    return model;
  }

  static Merges read(String text) {
    JsonNode model;
    try {
      model = Json.MAPPER.readTree(text).path("model");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode vocabulary = model.path("vocab");
    JsonNode pairs = model.path("merges");
    int[] left = new int[pairs.size()];
    int[] right = new int[pairs.size()];
    for (int merge = 0; merge < left.length; merge++) {
      String pair = pairs.get(merge).asText();
      int space = pair.indexOf(' ');
      left[merge] = id(vocabulary, pair.substring(0, space));
      right[merge] = id(vocabulary, pair.substring(space + 1));
    }
    return new Merges(left, right);
  }

  private static int id(JsonNode vocabulary, String token) {
    JsonNode id = vocabulary.get(token);
    if (id == null) {
      throw new IllegalArgumentException("A merge names '%s', which is no token".formatted(token));
    }
    return id.intValue();
  }
}
