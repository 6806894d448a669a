package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.evaluation.claim.ClaimResult.Tested;
import org.trainyard.evaluation.claim.Verdict;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.evaluation.report.chart.IntervalBar;

/** Papers' promises, measured. */
final class ClaimsSection implements Section {
  private static final Map<Verdict, Integer> COLOURS =
      Map.of(Verdict.SHOWN, 3, Verdict.NOT_SHOWN, 5, Verdict.INCONCLUSIVE, 8);

  @Override
  public String title() {
    return "Claims";
  }

  @Override
  public List<Element> content(Facts facts) {
    return cards(facts.claims());
  }

  /** One card for each result. */
  static List<Element> cards(List<ClaimResult> results) {
    List<Element> cards = new ArrayList<>();
    results.forEach(result -> cards.add(card(result)));
    return cards;
  }

  private static Element card(ClaimResult result) {
    Element card =
        Element.of("article", "chart claim")
            .add(
                Element.of("h3").text(result.claim().title()),
                Element.of("p", "from").text("Paper " + result.claim().paper()),
                Element.of("p").text(result.claim().promise()));
    result.tests().forEach(test -> card.add(test(test)));
    Element small = Element.of("ul", "note");
    small.add(item("Trials before: " + result.claim().budget()));
    result.claim().limits().forEach(limit -> small.add(item(limit)));
    result.notes().forEach(note -> small.add(item(note)));
    return card.add(small);
  }

  private static Element item(String text) {
    return Element.of("li").text(text);
  }

  private static Element test(Tested test) {
    String metric =
        "%s: %s %s, %s %s over %d seeds"
            .formatted(
                test.comparison().what(),
                test.comparison().treatment(),
                Figures.compact(test.treatmentMean()),
                test.comparison().baseline(),
                Figures.compact(test.baselineMean()),
                test.baseline().size());
    int colour = COLOURS.get(test.verdict());
    return Element.of("div", "test")
        .add(
            Element.of("p")
                .add(
                    Element.of("span", "chip verdict-chip c" + colour).text(test.verdict().words()))
                .text(" " + metric),
            new IntervalBar(
                    test.improvement(), test.low(), test.high(), test.comparison().margin(), colour)
                .draw(),
            Element.of("p", "note")
                .text(
                    "Better by %s (95 %% interval %s to %s); promised: more than %s."
                        .formatted(
                            Figures.compact(test.improvement()),
                            Figures.compact(test.low()),
                            Figures.compact(test.high()),
                            Figures.compact(test.comparison().margin()))));
  }
}
