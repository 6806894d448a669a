package org.trainyard.dataprep.curate;

import java.io.Serializable;
import java.util.List;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link LanguageId}. */
public record LanguageIdSettings(
    @Setting(
            help = "Languages that stay, as ISO 639-3 codes such as eng; []: all.",
            standard = "[]")
        List<String> keep,
    @Setting(
            help =
                "Least probability of the language found; below it the document is rejected. It grows"
                    + " with length: near 0.15 for 100 characters, 0.6 for 300, 1 from 1000; for"
                    + " paragraphs ask 0.05.",
            standard = "0.5",
            min = 0,
            max = 1)
        double minConfidence,
    @Setting(
            help = "How many characters are looked at, from the start.",
            standard = "2000",
            min = 20)
        int maxCharacters)
    implements Serializable {

  /** Checks the codes. */
  public LanguageIdSettings {
    keep = List.copyOf(keep);
    for (String language : keep) {
      Check.require(
          language.matches("[a-z]{3}"),
          "keep",
          "'%s' is not an ISO 639-3 code: three lower-case letters, such as eng, deu, cmn",
          language);
    }
  }
}
