package org.trainyard.dataprep.curate.kernel;

import java.io.Serializable;
import org.trainyard.pipeline.technique.Setting;

/** Limits of {@link FineWebQualityRule}; 0 switches a limit off. */
public record FineWebQualityLimits(
    @Setting(help = "How text is cut into words.", standard = "punctuation-apart") Words words,
    @Setting(
            help = "Smallest share of lines that end with a sentence's end; 0: off.",
            standard = "0.12",
            min = 0,
            max = 1)
        double minEndedLines,
    @Setting(help = "Whether a text may stay in which no line at all ends so.", standard = "false")
        boolean allowNoEndedLine,
    @Setting(help = "Greatest share of short lines; 0: off.", standard = "0.67", min = 0, max = 1)
        double maxShortLines,
    @Setting(help = "Most characters of a short line.", standard = "30", min = 0)
        int shortLineLength,
    @Setting(
            help = "Greatest share of characters in lines that repeat an earlier one; 0: off.",
            standard = "0.01",
            min = 0,
            max = 1)
        double maxDuplicateLineCharacters,
    @Setting(help = "Most line feeds for each word; 0: off.", standard = "0.3", min = 0)
        double maxLineFeedsPerWord)
    implements Serializable {}
