package org.trainyard.dataprep.curate;

import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link Paragraphs}. */
public record ParagraphsSettings(
    @Setting(
            help = "Fewest characters of a paragraph; shorter ones are rejected.",
            standard = "1",
            min = 1)
        int minCharacters) {}
