package org.trainyard.dataprep.curate.kernel;

import java.io.Serializable;
import java.util.List;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Limits of {@link GopherRepetitionRule}; 0 switches a limit off. */
public record GopherRepetitionLimits(
    @Setting(
            help = "Whose reading of the rules; datatrove is that of FineWeb.",
            standard = "datatrove")
        GopherVariant variant,
    @Setting(help = "How text is cut into words.", standard = "punctuation-apart") Words words,
    @Setting(
            help = "Greatest share of paragraphs that repeat an earlier one; 0: off.",
            standard = "0.3",
            min = 0,
            max = 1)
        double maxDuplicateParagraphs,
    @Setting(
            help = "Greatest share of characters in repeated paragraphs; 0: off.",
            standard = "0.2",
            min = 0,
            max = 1)
        double maxDuplicateParagraphCharacters,
    @Setting(
            help = "Greatest share of lines that repeat an earlier one; 0: off.",
            standard = "0.3",
            min = 0,
            max = 1)
        double maxDuplicateLines,
    @Setting(
            help = "Greatest share of characters in repeated lines; 0: off.",
            standard = "0.2",
            min = 0,
            max = 1)
        double maxDuplicateLineCharacters,
    @Setting(
            help =
                "Greatest share of characters in the most frequent run of 2, 3, … words; 0: off, []:"
                    + " none.",
            standard = "[0.2, 0.18, 0.16]",
            min = 0)
        List<Double> maxTopGrams,
    @Setting(
            help =
                "Greatest share of characters in repeated runs of 5, 6, … words; 0: off, []: none.",
            standard = "[0.15, 0.14, 0.13, 0.12, 0.11, 0.1]",
            min = 0)
        List<Double> maxDuplicateGrams)
    implements Serializable {

  /** Words in the runs that the first value of {@code max-top-grams} is for. */
  static final int FIRST_TOP_GRAM = 2;

  /** Words in the runs that the first value of {@code max-duplicate-grams} is for. */
  static final int FIRST_DUPLICATE_GRAM = 5;

  /** Keeps its own copies. */
  public GopherRepetitionLimits {
    maxTopGrams = List.copyOf(maxTopGrams);
    maxDuplicateGrams = List.copyOf(maxDuplicateGrams);
    Check.require(
        maxTopGrams.size() <= 10, "max-top-grams", "has %d values, at most 10", maxTopGrams.size());
    Check.require(
        maxDuplicateGrams.size() <= 20,
        "max-duplicate-grams",
        "has %d values, at most 20",
        maxDuplicateGrams.size());
  }
}
