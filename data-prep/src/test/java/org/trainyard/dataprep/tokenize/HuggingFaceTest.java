package org.trainyard.dataprep.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.kernel.MergeLearner;
import org.trainyard.dataprep.tokenize.kernel.Merges;
import org.trainyard.dataprep.tokenize.kernel.Pieces;
import org.trainyard.dataprep.tokenize.kernel.Texts;
import org.trainyard.dataprep.tokenize.kernel.TokenBuffer;
import org.trainyard.dataprep.tokenize.kernel.WordList;
import org.trainyard.dataprep.tokenize.kernel.WordPieceLearner;
import org.trainyard.dataprep.tokenize.kernel.WordPieces;
import org.trainyard.pipeline.record.DataException;

@DisplayName("Vocabularies of Hugging Face tooling")
class HuggingFaceTest {
  @TempDir Path folder;

  private static final List<String> TEXTS = texts();

  /** Texts drawn at random, and every declaration of human rights, tags and all. */
  private static List<String> texts() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> texts = new ArrayList<>();
    for (int text = 0; text < 300; text++) {
      texts.add(Texts.random(random, 50));
    }
    for (String language : List.of("eng", "arb", "heb", "lao", "tha", "cmn_hans", "hin", "kor")) {
      try {
        texts.add(Files.readString(Path.of("../conf/data/udhr", language + ".html")));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return texts;
  }

  private static Map<String, Long> words() {
    Map<String, Long> counts = new TreeMap<>();
    for (String text : TEXTS) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < bytes.length; ) {
        int to = Pieces.end(bytes, from, bytes.length);
        counts.merge(new String(bytes, from, to - from, StandardCharsets.UTF_8), 1L, Long::sum);
        from = to;
      }
    }
    return counts;
  }

  private static Merges merges() {
    WordList words = new WordList();
    words().forEach((word, count) -> words.add(word.getBytes(StandardCharsets.UTF_8), count));
    return new MergeLearner(words).learn(2000, 2, done -> {});
  }

  private static WordPieceTokenizer wordPieces() {
    Map<String, Long> words = new HashMap<>();
    words()
        .forEach(
            (word, count) -> {
              if (!word.isBlank() && !Pieces.isWhiteSpace(word.strip().codePointAt(0))) {
                words.merge(word.strip(), count, Long::sum);
              }
            });
    return new WordPieceTokenizer(
        new WordPieces(new WordPieceLearner(words, 400).learn(2000, 2, done -> {})));
  }

  @Nested
  class ThatByteBpeWrote {
    private final Tokenizer ours = new ByteBpeTokenizer(merges());
    private final Tokenizer theirs =
        HuggingFaceVocabulary.of(ours.files().get(ByteBpeTokenizer.FILE));

    @Test
    void giveTheSameIdsAndTheSameTextBack() {
      assertThat(theirs.exact()).isTrue();
      assertThat(theirs.unknown()).isEmpty();
      for (String text : TEXTS) {
        int[] ids = theirs.encode(text);
        assertThat(ids).isEqualTo(ours.encode(text));
        assertThat(theirs.decode(ids)).isEqualTo(text);
      }
    }

    @Test
    void putPaddingAndBeginBehindTheLastId() {
      assertThat(theirs.vocabulary()).isEqualTo(ours.vocabulary() + 2);
      assertThat(theirs.begin()).isEqualTo(ours.vocabulary());
    }

    @Test
    void countEachByteToTheTokenThatHoldsIt() {
      String text = TEXTS.get(TEXTS.size() - 8);
      TokenBuffer expected = new TokenBuffer();
      TokenBuffer found = new TokenBuffer();
      ours.encoder().encode(text, expected);
      theirs.encoder().encode(text, found);
      assertThat(found.ids()).isEqualTo(expected.ids());
      for (int at = 0; at < found.size(); at++) {
        assertThat(found.bytes(0, at + 1))
            .as("a token may end inside a character, which their offsets do not tell")
            .isBetween(expected.bytes(0, at + 1), expected.bytes(0, at + 1) + 3);
      }
    }
  }

  @Nested
  class ThatWordPieceWrote {
    private final WordPieceTokenizer ours = wordPieces();
    private final Tokenizer theirs =
        HuggingFaceVocabulary.of(ours.files().get(WordPieceTokenizer.FILE));

    @Test
    void giveTheSameIdsAndTheSameTextBack() {
      assertThat(theirs.exact()).isFalse();
      assertThat(theirs.unknown()).hasValue(WordPieces.UNKNOWN);
      for (String text : TEXTS) {
        int[] ids = theirs.encode(text);
        assertThat(ids).isEqualTo(ours.encode(text));
        String known = text.replace("\uFFFD", "");
        assertThat(theirs.decode(theirs.encode(known)))
            .isEqualTo(ours.decode(ours.encode(known)).replace("\uFFFD", "[UNK]"));
      }
    }

    @Test
    void areReadBackAsTheyWereWritten() {
      assertThat(WordPieceTokenizer.read(ours.files()).pieces().pieces())
          .isEqualTo(ours.pieces().pieces());
    }

    @Test
    void accountForTheSameBytes() {
      TokenBuffer expected = new TokenBuffer();
      TokenBuffer found = new TokenBuffer();
      for (String text : TEXTS) {
        expected.clear();
        found.clear();
        ours.encoder().encode(text, expected);
        theirs.encoder().encode(text, found);
        for (int at = 0; at < found.size(); at++) {
          assertThat(found.bytes(at, at + 1)).isEqualTo(expected.bytes(at, at + 1));
        }
      }
    }
  }

  @Nested
  class SayOfThemselves {
    private final String written = TokenizerJson.write(merges());

    private boolean exact(String from, String to) {
      assertThat(written).contains(from);
      return HuggingFaceVocabulary.of(written.replace(from, to)).exact();
    }

    @Test
    void thatTextComesBackOnlyIfNothingCanBeLost() {
      assertThat(HuggingFaceVocabulary.of(written).exact()).isTrue();
      assertThat(exact("\"normalizer\" : null", "\"normalizer\" : {\"type\": \"NFC\"}")).isFalse();
      assertThat(exact("\"add_prefix_space\" : false", "\"add_prefix_space\" : true")).isFalse();
      assertThat(exact("\"behavior\" : \"Isolated\"", "\"behavior\" : \"Removed\"")).isFalse();
      assertThat(exact("\"rstrip\" : false", "\"rstrip\" : true")).isFalse();
    }

    @Test
    void nothingByChance() {
      assertThatThrownBy(
              () ->
                  HuggingFaceVocabulary.of(
                      written.replace("\"dropout\" : null", "\"dropout\": 0.1")))
          .hasMessageContaining("model.dropout");
    }
  }

  @Nested
  class InAPipeline {
    private TestPipeline run(String file) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (int row = 0; row < 40; row++) {
        rows.add(Map.of("id", "d" + row, "text", TEXTS.get(row)));
      }
      Path documents = folder.resolve("documents.json");
      if (!Files.exists(documents)) {
        TestPipeline.rows(documents, rows);
      }
      return TestPipeline.run(
          folder,
          """
          documents: {use: json-rows, path: %s, columns: "id string, text string", partitions: 3}
          learn: {use: learn-tokenizer, tokenizer: {huggingface: {file: %s}}}
          encode: {from: {documents: documents, tokenizer: learn}, max-length: 16}
          """
              .formatted(documents, file));
    }

    @Test
    void areCopiedAndAccountForAllBytesOfTheDocuments() throws Exception {
      Path file = folder.resolve("theirs.json");
      Files.writeString(file, TokenizerJson.write(merges()));
      TestPipeline run = run(file.toString());

      assertThat(run.text("learn", "tokenizer", "tokenizer.json"))
          .isEqualTo(Files.readString(file));
      long bytes =
          TEXTS.subList(0, 40).stream()
              .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
              .sum();
      assertThat(run.metric("encode", "bytes")).isEqualTo(bytes);
      Tokenizer ours = new ByteBpeTokenizer(merges());
      for (Row row : run.rows("encode", "tokens")) {
        String[] id = row.<String>getAs("id").split("#");
        int window = id.length == 1 ? 0 : Integer.parseInt(id[1]);
        int[] all = ours.encode(TEXTS.get(Integer.parseInt(id[0].substring(1))));
        List<Integer> part = row.getList(row.fieldIndex("tokens"));
        for (int at = 0; at < part.size(); at++) {
          assertThat(part.get(at)).isEqualTo(all[window * 16 + at]);
        }
      }
    }

    @Test
    void areOpenedAnewWhenTheFileChanges() throws Exception {
      Path file = folder.resolve("changing.json");
      Files.writeString(file, TokenizerJson.write(new Merges(new int[] {2}, new int[] {3})));
      assertThat(run(file.toString()).metric("learn", "vocabulary")).isEqualTo(261);
      Files.writeString(file, TokenizerJson.write(new Merges(new int[0], new int[0])));
      assertThat(run(file.toString()).metric("learn", "vocabulary")).isEqualTo(260);
    }

    @Test
    void areMissedBeforeAnythingRuns() {
      assertThatThrownBy(() -> run(folder.resolve("nowhere.json").toString()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("learn: no file matches")
          .hasMessageContaining("nowhere.json");
    }

    @Test
    void areRefusedIfTheyAreNone() throws Exception {
      Path file = folder.resolve("broken.json");
      Files.writeString(file, "{\"model\": {\"type\": \"BPE\"}}");
      assertThatThrownBy(() -> run(file.toString()))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("broken.json: is no tokenizer.json: no model.vocab");
    }
  }
}
