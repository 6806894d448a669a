package org.trainyard.pipeline.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Locale;

/** Checks of settings. Messages say what is wrong and how to mend it. */
public final class Check {
  private Check() {}

  /**
   * Requires that a setting holds.
   *
   * @param key the key at fault; inside a settings record just its own key, such as {@code bands}:
   *     the binder puts the path before it
   * @throws ConfigException if it does not
   */
  public static void require(boolean holds, String key, String message, Object... values) {
    if (!holds) {
      throw new ConfigException(key, String.format(Locale.ROOT, message, values));
    }
  }

  /**
   * Refuses keys that are not among the known ones, naming the nearest.
   *
   * @param path the key of the block itself, put before each key in errors; may be empty
   */
  public static void knownKeys(ObjectNode block, Collection<String> known, String path) {
    block
        .fieldNames()
        .forEachRemaining(
            key ->
                require(
                    known.contains(key),
                    path.isEmpty() ? key : path + "." + key,
                    "unknown key%s; known keys are %s",
                    Nearest.of(key, known).map(n -> ", did you mean '" + n + "'?").orElse(""),
                    known));
  }
}
