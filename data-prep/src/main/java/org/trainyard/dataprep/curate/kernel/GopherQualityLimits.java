package org.trainyard.dataprep.curate.kernel;

import java.io.Serializable;
import java.util.List;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Limits of {@link GopherQualityRule}; 0 switches a limit off. */
public record GopherQualityLimits(
    @Setting(
            help = "Whose reading of the rules; datatrove is that of FineWeb.",
            standard = "datatrove")
        GopherVariant variant,
    @Setting(help = "How text is cut into words.", standard = "punctuation-apart") Words words,
    @Setting(help = "Fewest words that are not punctuation; 0: off.", standard = "50", min = 0)
        int minWords,
    @Setting(help = "Most words that are not punctuation; 0: off.", standard = "100000", min = 0)
        int maxWords,
    @Setting(
            help = "Smallest mean length of words, in characters; 0: off.",
            standard = "3",
            min = 0)
        double minMeanWordLength,
    @Setting(
            help = "Greatest mean length of words, in characters; 0: off.",
            standard = "10",
            min = 0)
        double maxMeanWordLength,
    @Setting(
            help = "Most hash signs, and most ellipses, for each word; 0: off.",
            standard = "0.1",
            min = 0)
        double maxSymbolsPerWord,
    @Setting(
            help = "Greatest share of lines that begin with a bullet; 0: off.",
            standard = "0.9",
            min = 0,
            max = 1)
        double maxBulletLines,
    @Setting(
            help = "Greatest share of lines that end with an ellipsis; 0: off.",
            standard = "0.3",
            min = 0,
            max = 1)
        double maxEllipsisLines,
    @Setting(
            help = "Smallest share of words that hold a letter; 0: off.",
            standard = "0.8",
            min = 0,
            max = 1)
        double minWordsWithLetter,
    @Setting(
            help =
                "How many different stop words must be there; 0 (off) for text that is not English.",
            standard = "2",
            min = 0)
        int stopWords,
    @Setting(
            help = "The stop words, as they are written in the text.",
            standard = "[the, be, to, of, and, that, have, with]")
        List<String> stopWordList)
    implements Serializable {

  /** Checks that the limits leave room. */
  public GopherQualityLimits {
    stopWordList = List.copyOf(stopWordList);
    Check.require(
        maxWords == 0 || maxWords >= minWords,
        "max-words",
        "must be 0 or at least min-words (%d), but is %d",
        minWords,
        maxWords);
    Check.require(
        maxMeanWordLength == 0 || maxMeanWordLength >= minMeanWordLength,
        "max-mean-word-length",
        "must be 0 or at least min-mean-word-length (%s), but is %s",
        minMeanWordLength,
        maxMeanWordLength);
    Check.require(
        stopWords <= stopWordList.stream().distinct().count(),
        "stop-words",
        "must be at most the number of stop words given, %d, but is %d",
        stopWordList.stream().distinct().count(),
        stopWords);
  }
}
