package org.trainyard.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.run.RunRecord;

@DisplayName("The report")
class PageTest {
  private static final String PAGE = Page.render(ExampleRun.facts());

  private static Facts told(String pipeline, int exit, String message) {
    RunRecord run = ExampleRun.facts().run();
    return new Facts(
        new RunRecord(
            run.id(),
            pipeline,
            run.codeVersion(),
            run.started(),
            run.milliseconds(),
            exit,
            message,
            List.of(),
            run.effective(),
            run.environment()),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of());
  }

  @Test
  void isTheSameForTheSameRecords() {
    assertThat(Page.render(ExampleRun.facts())).isEqualTo(PAGE);
  }

  @Test
  void isOneFileThatFetchesNothingAndRunsNothing() {
    assertThat(PAGE)
        .doesNotContain("<script", "http:", "https:", "url(", "@import", "src=", "href=");
  }

  @Test
  void isWellFormed() throws Exception {
    String xml = PAGE.replaceFirst("<!DOCTYPE html>", "").replaceAll("(<meta[^>]*)>", "$1/>");
    javax.xml.parsers.DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new org.xml.sax.InputSource(new StringReader(xml)));
  }

  @Test
  void saysInOneSentenceWhatCameOut() {
    assertThat(PAGE)
        .contains(
            "The model needs 1.91 bits for a byte of held-out text, 32.7\u202F% less than unit"
                + " frequencies alone.");
  }

  @Test
  void tellsRejectedRowsByReason() {
    assertThat(PAGE).contains("filtered.repeated-lines: 48", "826 of 861 kept");
  }

  @Test
  void tellsWherePaddingIsAndHowFullBatchesAre() {
    assertThat(PAGE)
        .contains(
            "Padding by length in plan",
            "2 – 21 units",
            "2.2\u202F% padding",
            "Examples of a batch in plan",
            "16 to 31 examples",
            "700 batches");
  }

  @Test
  void tellsWhatPaddingCostsInProcessorHours() {
    // 7.2 M units at 18,420 a second on 2 task slots, of which 1.8 % padding.
    assertThat(PAGE)
        .contains("Processor time of train", "13 min 06 s", "36 min 52 s")
        .contains("Random order would have cost 23 min 46 s more.");
  }

  @Test
  void namesEveryDrawingForThoseWhoDoNotSeeIt() {
    Pattern drawing = Pattern.compile("<svg[^>]*>");
    assertThat(drawing.matcher(PAGE).results().map(found -> found.group()))
        .filteredOn(svg -> !svg.contains("class=\"curves\""))
        .allMatch(svg -> svg.contains("aria-label=") || svg.contains("aria-hidden=\"true\""));
  }

  @Test
  void canBeLookedAt() throws IOException {
    Files.writeString(Path.of("target", "report-example.html"), PAGE);
  }

  @Test
  void ofClaimsAloneCountsTheVerdicts() {
    assertThat(Page.claims(ExampleRun.facts().claims()))
        .contains("<dt>inconclusive</dt><dd>1</dd>", "<dt>shown</dt><dd>0</dd>", "2209.14981");
  }

  @Nested
  class OfARunThatStopped {
    @Test
    void tellsWhyAtTheTop() {
      assertThat(Page.render(told("nightly", 4, "a.jsonl: line 3 is not JSON")))
          .contains("Stopped with exit code 4: a.jsonl: line 3 is not JSON");
    }

    @Test
    void lacksTheSectionsThatHaveNothingToTell() {
      assertThat(Page.render(told("nightly", 4, "x"))).doesNotContain(">Training<", ">Claims<");
    }
  }

  @Test
  void neverTurnsTextOfARunIntoMarkup() {
    String page = Page.render(told("<script>alert(1)</script>", 4, "\"><img src=x>&\u0000"));
    assertThat(page)
        .doesNotContain("<script", "<img")
        .contains("&lt;script&gt;alert(1)", "&quot;&gt;&lt;img src=x&gt;&amp;\uFFFD");
  }
}
