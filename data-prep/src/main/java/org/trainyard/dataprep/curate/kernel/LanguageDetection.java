package org.trainyard.dataprep.curate.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.langdetect.ThreadSafeLanguageDetectorME;

/**
 * Tells the language of a text by the frequencies of its runs of one to three characters: Apache
 * OpenNLP's model of 103 languages. The model (10 MB on disk) is loaded once for each JVM, on first
 * use. Thread-safe.
 */
public final class LanguageDetection {
  private static final String MODEL = "/langdetect-183.bin";

  private LanguageDetection() {}

  /**
   * What a text is written in.
   *
   * @param language ISO 639-3 code, as the model gives it
   * @param confidence the model's probability of it, 0 to 1
   */
  public record Guess(String language, double confidence) {}

  /** Loads on first use, guarded by class initialisation. */
  private static final class Loaded {
    static final ThreadSafeLanguageDetectorME DETECTOR = load();

    private static ThreadSafeLanguageDetectorME load() {
      try (InputStream stream = LanguageDetection.class.getResourceAsStream(MODEL)) {
        if (stream == null) {
          throw new IllegalStateException("opennlp-models-langdetect is not on the class path");
        }
        return new ThreadSafeLanguageDetectorME(new LanguageDetectorModel(stream));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The most likely language.
   *
   * @param text a text without letters gives an arbitrary language with little confidence
   * @param maxCharacters how many UTF-16 units are looked at, from the start
   */
  public static Guess guess(String text, int maxCharacters) {
    Language best = Loaded.DETECTOR.predictLanguage(head(text, maxCharacters));
    return new Guess(best.getLang(), best.getConfidence());
  }

  private static String head(String text, int maxCharacters) {
    if (text.length() <= maxCharacters) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(maxCharacters - 1));
    return text.substring(0, splitsPair ? maxCharacters - 1 : maxCharacters);
  }
}
