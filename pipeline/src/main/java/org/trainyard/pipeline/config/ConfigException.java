package org.trainyard.pipeline.config;

/** A wrong setting: the user must change the pipeline file or the command line. Exit code 3. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String key;

  /**
   * @param key the full key, such as {@code clean.min-words}; empty if it concerns the whole file
   * @param message what is wrong with it and how to mend it, without the key
   */
  public ConfigException(String key, String message) {
    super(key.isEmpty() ? message : key + ": " + message);
    this.key = key;
  }

  /** The full key at fault; empty if the whole file is. */
  public String key() {
    return key;
  }
}
