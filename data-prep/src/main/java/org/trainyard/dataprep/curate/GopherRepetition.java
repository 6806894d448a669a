package org.trainyard.dataprep.curate;

import org.trainyard.dataprep.curate.kernel.GopherRepetitionLimits;
import org.trainyard.dataprep.curate.kernel.GopherRepetitionRule;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code gopher-repetition}. */
@Card(
    name = "gopher-repetition",
    what = "Rejects documents that repeat their own paragraphs, lines or runs of words.",
    how =
        "Measures the share of repeated paragraphs and lines, of characters in them, in the most frequent"
            + " run of 2 to 4 words and in repeated runs of 5 to 10 words, and rejects on the first limit"
            + " broken. Every limit can be switched off with 0.",
    avoid =
        "Very short texts: a text of two words is its own most frequent pair. Forms, licences and verse"
            + " with a refrain repeat themselves rightly.",
    papers =
        "Scaling Language Models: Methods, Analysis & Insights from Training Gopher (arXiv 2112.11446)")
public final class GopherRepetition implements StageTechnique<GopherRepetitionLimits> {

  @Override
  public Class<GopherRepetitionLimits> settings() {
    return GopherRepetitionLimits.class;
  }

  @Override
  public Stage create(GopherRepetitionLimits settings) {
    return new TextFilter(() -> new GopherRepetitionRule(settings));
  }
}
