package org.trainyard.dataprep.curate;

import java.util.Map;
import org.trainyard.dataprep.curate.kernel.ScriptTable;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link MapScript}. */
public record MapScriptSettings(
    @Setting(
            help = "Table of letters: arabic-to-hebrew, lao-vowels, or none.",
            standard = "arabic-to-hebrew")
        ScriptTable table,
    @Setting(
            help =
                "More letters and what replaces them, before those of the table: {ß: ss, þ: th}.",
            standard = "{}")
        Map<String, String> letters,
    @Setting(
            help = "Whether a Hebrew letter put at the end of a word takes its final form.",
            standard = "false")
        boolean finalForms) {

  /** Checks that every entry replaces something. */
  public MapScriptSettings {
    Check.require(!letters.containsKey(""), "letters", "cannot replace the empty text");
  }
}
