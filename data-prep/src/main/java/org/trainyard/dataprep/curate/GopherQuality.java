package org.trainyard.dataprep.curate;

import org.trainyard.dataprep.curate.kernel.GopherQualityLimits;
import org.trainyard.dataprep.curate.kernel.GopherQualityRule;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code gopher-quality}. */
@Card(
    name = "gopher-quality",
    what = "Rejects documents whose words, symbols and lines are unlike those of prose.",
    how =
        "Counts words, their length, hash signs, ellipses, bullets, words with letters and stop words,"
            + " and rejects on the first limit broken. Every limit can be switched off with 0.",
    avoid =
        "Code, tables, verse and lists are not prose. The stop words are English: set stop-words to 0"
            + " for anything else. In scripts without spaces between words (Chinese, Japanese, Thai, Lao,"
            + " Khmer, Burmese) a line counts as a word or two: switch the limits on words off.",
    papers =
        "Scaling Language Models: Methods, Analysis & Insights from Training Gopher (arXiv 2112.11446)")
public final class GopherQuality implements StageTechnique<GopherQualityLimits> {

  @Override
  public Class<GopherQualityLimits> settings() {
    return GopherQualityLimits.class;
  }

  @Override
  public Stage create(GopherQualityLimits settings) {
    return new TextFilter(() -> new GopherQualityRule(settings));
  }
}
