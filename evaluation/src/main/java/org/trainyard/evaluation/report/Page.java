package org.trainyard.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.trainyard.evaluation.claim.ClaimResult;
import org.trainyard.evaluation.report.chart.Element;

/** The report as one HTML file that needs nothing else: no server, no script, no network. */
public final class Page {
  private static final List<Section> SECTIONS =
      List.of(
          new YardMap(),
          new RowsSection(),
          new PaddingSection(),
          new TrainingSection(),
          new EvaluationSection(),
          new ClaimsSection(),
          new SettingsSection());

  private Page() {}

  /** Renders the report of a run; equal facts give equal bytes. */
  public static String render(Facts facts) {
    Element main = Element.of("main").add(Headline.of(facts));
    for (Section section : SECTIONS) {
      List<Element> content = section.content(facts);
      if (!content.isEmpty()) {
        main.add(frame(section.title(), content));
      }
    }
    return page(
        facts.run().pipeline(),
        main,
        "Written by Trainyard from the run's records. Run " + facts.run().id() + ".");
  }

  /** Renders the results of claims alone. */
  public static String claims(List<ClaimResult> results) {
    Element main = Element.of("main").add(Headline.ofClaims(results));
    main.add(frame("Claims", ClaimsSection.cards(results)));
    return page("Claims", main, "Written by Trainyard from the claims' results.");
  }

  private static String page(String title, Element main, String footer) {
    Element head =
        Element.of("head")
            .add(
                Element.of("meta").with("charset", "utf-8"),
                Element.of("meta")
                    .with("name", "viewport")
                    .with("content", "width=device-width, initial-scale=1"),
                Element.of("meta").with("name", "color-scheme").with("content", "light dark"),
                Element.of("title").text(title + " · Trainyard"),
                Element.of("style").verbatim(styleSheet()));
    Element body = Element.of("body").add(main, Element.of("footer").text(footer));
    return "<!DOCTYPE html>\n"
        + Element.of("html").with("lang", "en").add(head, body).render()
        + "\n";
  }

  private static Element frame(String title, List<Element> content) {
    String id = title.toLowerCase(Locale.ROOT).replace(' ', '-');
    return Element.of("section")
        .with("aria-labelledby", id)
        .add(
            Element.of("h2").with("id", id).text(title),
            Element.of("div", content.size() == 1 ? "cards one" : "cards").add(content));
  }

  private static String styleSheet() {
    try (InputStream in = Page.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
