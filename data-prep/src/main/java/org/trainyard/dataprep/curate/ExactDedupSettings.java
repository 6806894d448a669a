package org.trainyard.dataprep.curate;

import org.trainyard.dataprep.curate.kernel.Normalisation;
import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link ExactDedup}. */
public record ExactDedupSettings(
    @Setting(help = "Which differences between texts do not count.", standard = "spacing-and-case")
        Normalisation normalise,
    @Setting(
            help =
                "Into how many parts the copies of one text are cut at first, so that a text repeated"
                    + " millions of times makes no task of its own; 1 saves a shuffle.",
            standard = "16",
            min = 1,
            max = 10000)
        int salts) {}
