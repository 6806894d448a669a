package org.trainyard.dataprep;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.dataprep.curate.ExactDedup;
import org.trainyard.dataprep.curate.GopherRepetition;
import org.trainyard.dataprep.curate.LanguageId;
import org.trainyard.dataprep.read.ReadDocuments;
import org.trainyard.dataprep.testing.Outcome;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Rejects;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.testing.TestSpark;

/** Counts come from {@code conf/data/SOURCES.md}, where they were made by other means. */
@DisplayName("The corpus of the quick start")
class CorpusTest {
  private static Dataset<Row> documents;

  @BeforeAll
  static void read() {
    Source source =
        Outcome.make(
            new ReadDocuments(),
            "{paths: [../conf/data/udhr, ../conf/data/licence-texts, ../conf/data/speeches,"
                + " ../conf/data/moby-dick]}");
    Storage storage = new Storage(TestSpark.session().sparkContext().hadoopConfiguration());
    documents =
        source
            .open(TestSpark.session(), storage.resolve(source.paths(), "documents.paths"))
            .cache();
  }

  @AfterAll
  static void forget() {
    documents.unpersist();
  }

  @Test
  void isReadWithoutAFault() {
    assertThat(Outcome.rejected(documents)).isEmpty();
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : documents.select("source").collectAsList()) {
      String[] path = row.getString(0).split("/");
      counts.merge(path[path.length - 2], 1L, Long::sum);
    }
    assertThat(counts)
        .isEqualTo(Map.of("udhr", 49L, "licence-texts", 727L, "speeches", 52L, "moby-dick", 138L));
    assertThat(documents.select("id").distinct().count()).isEqualTo(966);
  }

  @Test
  void losesNoWordOfItsPages() throws IOException {
    Map<String, String> texts = Outcome.byId(documents.where(col("id").endsWith(".html")), "text");
    assertThat(texts).hasSize(49);
    for (Map.Entry<String, String> page : texts.entrySet()) {
      String body = Jsoup.parse(Path.of("../conf/data/udhr", page.getKey())).body().text();
      assertThat(words(page.getValue())).as(page.getKey()).isEqualTo(words(body));
    }
  }

  private static List<String> words(String text) {
    return List.of(text.replace("\u00AD", "").replace("\u200B", "").strip().split("\\s+"));
  }

  @Test
  void holdsTheExactCopiesThatWereCounted() {
    assertThat(copies("{normalise: none}")).hasSize(41);
    List<String> folded = copies("{}");
    assertThat(folded).hasSize(44);
  }

  private static List<String> copies(String settings) {
    Dataset<Row> result = Outcome.make(new ExactDedup(), settings).apply(documents);
    return List.copyOf(Outcome.rejected(result).keySet());
  }

  @Test
  void isInTheLanguagesThatItsFilesAreNamedFor() {
    Dataset<Row> pages =
        documents.where(col("id").rlike("^(ces|deu_1996|eng|fin|fra|kor|nld|rus|tam|tur)[.]html$"));
    Dataset<Row> told = Outcome.make(new LanguageId(), "{}").apply(pages);
    assertThat(Outcome.rejected(told)).isEmpty();
    Outcome.byId(told, "language").forEach((id, language) -> assertThat(id).startsWith(language));
  }

  @Test
  void repeatsItselfInSomeLicencesOnly() {
    Dataset<Row> result = Outcome.make(new GopherRepetition(), "{}").apply(documents);
    long speeches =
        result
            .where(col(Rejects.REASON).isNotNull().and(col("source").contains("/speeches/")))
            .count();
    assertThat(speeches).isZero();
    assertThat(Outcome.rejected(result).size()).isBetween(1, 100);
  }
}
