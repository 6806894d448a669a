package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Language detection")
class LanguageDetectionTest {
  private static final String GERMAN =
      "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und "
          + "Gewissen begabt und sollen einander im Geist der Brüderlichkeit begegnen. Jeder hat Anspruch "
          + "auf die in dieser Erklärung verkündeten Rechte und Freiheiten ohne irgendeinen Unterschied, "
          + "etwa nach Rasse, Hautfarbe, Geschlecht, Sprache, Religion, politischer oder sonstiger "
          + "Überzeugung, nationaler oder sozialer Herkunft, Vermögen, Geburt oder sonstigem Stand.";

  @Test
  void namesTheLanguageWithConfidenceThatGrowsWithLength() {
    LanguageDetection.Guess brief = LanguageDetection.guess(GERMAN, 100);
    LanguageDetection.Guess whole = LanguageDetection.guess(GERMAN, 2000);
    assertThat(brief.language()).isEqualTo("deu");
    assertThat(whole.language()).isEqualTo("deu");
    assertThat(whole.confidence()).isGreaterThan(brief.confidence()).isBetween(0.9, 1.0);
  }

  @Test
  void looksAtTheHeadOnlyAndNeverCutsACharacter() {
    String head = GERMAN.substring(0, 119);
    assertThat(LanguageDetection.guess(head + "😀" + "the and of ".repeat(500), 120))
        .isEqualTo(LanguageDetection.guess(head, 2000));
  }

  @Test
  void isUnsureOfTextWithoutLetters() {
    assertThat(LanguageDetection.guess("12345 --- 67", 2000).confidence()).isLessThan(0.05);
    assertThat(LanguageDetection.guess("", 2000).confidence()).isLessThan(0.05);
  }

  @Test
  void saysTheSameInManyThreads() {
    List<LanguageDetection.Guess> guesses =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> LanguageDetection.guess(GERMAN, 2000))
            .distinct()
            .toList();
    assertThat(guesses).hasSize(1);
  }
}
