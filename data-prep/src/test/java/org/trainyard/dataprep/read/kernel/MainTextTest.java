package org.trainyard.dataprep.read.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.jsoup.Jsoup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Main text of a page")
class MainTextTest {
  private static final String FIRST =
      "The harbour had been quiet since the morning, and the two ferries lay at their moorings while "
          + "the crews waited for the fog to lift.";
  private static final String SECOND =
      "Nobody on the quay remembered a spring as cold as this one, though the oldest of the fishermen "
          + "claimed that he had seen ice in April before.";
  private static final String LONG = FIRST + " " + SECOND + " " + FIRST;
  private static final String BANNER =
      "We use cookies to make this site better for you and for our partners. By going on you agree "
          + "that we do so, as described in full elsewhere.";

  private static String text(String body) {
    return MainText.of(Jsoup.parse("<html><head><title>t</title></head><body>" + body));
  }

  private static String p(String... paragraphs) {
    StringBuilder html = new StringBuilder();
    for (String paragraph : paragraphs) {
      html.append("<p>").append(paragraph).append("</p>\n");
    }
    return html.toString();
  }

  @Nested
  class OfAnArticle {
    private static final String PAGE =
        "<div id=top><a href=/>Home</a> <a href=/news>News</a></div>"
            + "<nav><ul><li>Sport<li>Weather</ul></nav>"
            + "<div class=page><div class=story><h1>Fog in the harbour</h1>"
            + "<div>By a reporter</div>"
            + p(FIRST, SECOND, LONG)
            + "<ul><li><a href=/a>Read this too</a><li><a href=/b>And this</a></ul>"
            + "<h2>Short and good</h2>"
            + p("So it was.", SECOND, "The end.")
            + "</div><div class=side><h3>Most read</h3><ul><li><a href=/c>"
            + "A headline of some length that leads elsewhere</a></ul><p>Advertisement</p></div></div>"
            + "<div id=cookies><p>"
            + BANNER
            + "</p></div><footer><p>"
            + FIRST
            + "</p></footer><script>var x = 'text';</script>";

    @Test
    void holdsParagraphsAndHeadingsPartedByBlankLines() {
      assertThat(text(PAGE))
          .isEqualTo(
              String.join(
                  "\n\n",
                  "Fog in the harbour",
                  "By a reporter",
                  FIRST,
                  SECOND,
                  LONG,
                  "Short and good",
                  "So it was.",
                  SECOND,
                  "The end."));
    }

    @Test
    void holdsTheTitleThatStandsAboveTheColumns() {
      String page =
          "<header><h1>The title</h1></header><div>"
              + p(FIRST, SECOND)
              + "</div><div><a href=/>Elsewhere</a></div>";
      assertThat(text(page)).isEqualTo("The title\n\n" + FIRST + "\n\n" + SECOND);
    }

    @Test
    void isFoundInLayoutTables() {
      String page =
          "<table><tr><td><a href=/1>One</a><br><a href=/2>Two</a></td><td>"
              + FIRST
              + "<br><br>"
              + SECOND
              + "</td></tr></table>";
      assertThat(text(page)).isEqualTo(FIRST + "\n\n" + SECOND);
    }
  }

  @Nested
  class OfOtherPages {
    @Test
    void isAllTextWhereThereIsLittle() {
      assertThat(text("<p>Hello,</p><p>world.</p><a href=/>Back</a>"))
          .isEqualTo("Hello,\n\nworld.");
      assertThat(text("plain words, no tags")).isEqualTo("plain words, no tags");
    }

    @Test
    void isNothingWhereThereIsNone() {
      assertThat(text("")).isEmpty();
      assertThat(text("<nav>Menu</nav><script>x</script><img src=a.png alt=picture>")).isEmpty();
      assertThat(text("<a href=/>Only a link</a>")).isEmpty();
    }

    @Test
    void weighsCharactersOfDenseScripts() {
      String sentence = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。";
      String page =
          "<div>短菜单</div><div class=a><p>" + sentence + "</p><p>" + sentence + "</p></div>";
      assertThat(text(page)).isEqualTo(sentence + "\n\n" + sentence);
    }

    @Test
    void keepsShortLinesOfVerse() {
      String page = "<h1>Verse</h1><p>Roses are red,<br>violets are blue;<br>rain is wet.</p>";
      assertThat(text(page)).isEqualTo("Verse\n\nRoses are red,\nviolets are blue;\nrain is wet.");
    }
  }

  @Nested
  class KeepsForm {
    @Test
    void ofItemsAndCells() {
      String page =
          p(FIRST)
              + "<ul><li>one<li>two</ul><table><tr><th>a<th>b<tr><td>1<td>2</table>"
              + p(SECOND);
      assertThat(text(page)).isEqualTo(FIRST + "\n\none\ntwo\n\na\tb\n\n1\t2\n\n" + SECOND);
    }

    @Test
    void ofPreformattedTextAndCollapsesSpaceElsewhere() {
      String page = p(FIRST) + "<pre>  if x:\n    y</pre>" + p("a\n  b&nbsp; c\u00ADd", SECOND);
      assertThat(text(page)).isEqualTo(FIRST + "\n\n  if x:\n    y\n\na b cd\n\n" + SECOND);
    }
  }

  @Test
  void leavesOutWhatIsHidden() {
    String page =
        p(FIRST)
            + "<div hidden><p>"
            + BANNER
            + "</p></div><p style='color: red; display : none'>"
            + BANNER
            + "</p><div role=Dialog>"
            + BANNER
            + "</div>"
            + p(SECOND);
    assertThat(text(page)).isEqualTo(FIRST + "\n\n" + SECOND);
  }
}
