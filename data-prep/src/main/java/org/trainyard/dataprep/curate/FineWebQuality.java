package org.trainyard.dataprep.curate;

import org.trainyard.dataprep.curate.kernel.FineWebQualityLimits;
import org.trainyard.dataprep.curate.kernel.FineWebQualityRule;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;

/** The technique {@code fineweb-quality}. */
@Card(
    name = "fineweb-quality",
    what = "Rejects documents whose lines look like menus and lists rather than sentences.",
    how =
        "Measures the share of lines that end a sentence, of short lines, of characters in repeated lines,"
            + " and line feeds for each word, and rejects on the first limit broken. Every limit can be"
            + " switched off with 0.",
    avoid =
        "Text with lines broken at a fixed width (plain-text books, mail), verse, code, and scripts that"
            + " end sentences without a sign, such as Thai and Lao.",
    papers =
        "The FineWeb Datasets: Decanting the Web for the Finest Text Data at Scale (arXiv 2406.17557)")
public final class FineWebQuality implements StageTechnique<FineWebQualityLimits> {

  @Override
  public Class<FineWebQualityLimits> settings() {
    return FineWebQualityLimits.class;
  }

  @Override
  public Stage create(FineWebQualityLimits settings) {
    return new TextFilter(() -> new FineWebQualityRule(settings));
  }
}
