package org.trainyard.pipeline.config;

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
}
