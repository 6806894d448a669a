package org.trainyard.dataprep.tokenize;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.Storage;

/**
 * The native library behind {@code tokenizer.json} files. Never goes to the network: the
 * processor's variant is in the jar, and no usage is reported.
 */
final class HuggingFaceLibrary {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private HuggingFaceLibrary() {}

  static {
    standard("OPT_OUT_TRACKING", "true");
    standard("RUST_FLAVOR", "cpu");
    if (System.getenv("DJL_CACHE_DIR") == null && System.getProperty("DJL_CACHE_DIR") == null) {
      System.setProperty("DJL_CACHE_DIR", ownFolder().toString());
    }
  }

  private static void standard(String name, String value) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  /** A folder that only this user can write, as a library that another put there would be run. */
  private static Path ownFolder() {
    try {
      Path folder = Files.createTempDirectory("trainyard-tokenizers");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack the tokenizers library", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      found.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // The JVM ends; the system cleans its temporary folder.
    }
  }

  /**
   * Opens a file's text; closed once the owner is gone.
   *
   * @throws IllegalArgumentException if the library refuses it
   * @throws ConfigException if there is no library for this machine
   */
  static HuggingFaceTokenizer open(String json, Object owner) {
    try {
      HuggingFaceTokenizer open =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), OPTIONS);
      CLEANER.register(owner, open::close);
      return open;
    } catch (EngineException | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ConfigException(
          "huggingface",
          "the tokenizers library does not load on %s %s (%s); build with -Ddjl.platform=<os>-<architecture>, or name a library in RUST_LIBRARY_PATH"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  Storage.reason(cause)));
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
