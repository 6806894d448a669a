package org.trainyard.dataprep.curate.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Fingerprints")
class FingerprintTest {

  private static String of(Normalisation normalisation, String text) {
    return HexFormat.of().formatHex(new Fingerprint(normalisation).of(text));
  }

  @Nested
  class OfTextsAsTheyAre {
    @Test
    void tellEveryDifference() {
      assertThat(of(Normalisation.NONE, "To be"))
          .isEqualTo(of(Normalisation.NONE, "To be"))
          .hasSize(32)
          .isNotEqualTo(of(Normalisation.NONE, "to be"))
          .isNotEqualTo(of(Normalisation.NONE, "To be "));
    }
  }

  @Nested
  class OfNormalisedTexts {
    private static String folded(String text) {
      return of(Normalisation.SPACING_AND_CASE, text);
    }

    @Test
    void tellNeitherCaseNorSpacing() {
      assertThat(folded(" To\u00A0 BE\n\n𐐀 "))
          .isEqualTo(folded("to be 𐐨"))
          .isEqualTo(of(Normalisation.NONE, "to be 𐐨"));
    }

    @Test
    void tellWhereSpaceIsAndIsNot() {
      assertThat(folded("tobe")).isNotEqualTo(folded("to be"));
    }

    @Test
    void ofOneTextDoNotDependOnTheTextBefore() {
      Fingerprint fingerprint = new Fingerprint(Normalisation.SPACING_AND_CASE);
      byte[] first = fingerprint.of("a b");
      fingerprint.of("something else");
      assertThat(fingerprint.of("A  B")).isEqualTo(first);
    }
  }
}
