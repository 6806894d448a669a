package org.trainyard.dataprep.read;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.GlobPattern;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;

/** The licence of each file, by globs over its path. */
final class Licences {
  private final Map<GlobPattern, String> byGlob = new LinkedHashMap<>();
  private final String others;

  /**
   * Compiles the globs.
   *
   * @param others licence of files that none matches
   * @throws ConfigException if one is no glob
   */
  Licences(Map<String, String> licences, String others) {
    this.others = others;
    licences.forEach(
        (glob, licence) -> {
          Check.require(!licence.isBlank(), "licences", "'%s' has no licence", glob);
          byGlob.put(compile(glob), licence);
        });
  }

  private static GlobPattern compile(String glob) {
    try {
      return new GlobPattern(glob);
    } catch (RuntimeException e) {
      throw (ConfigException)
          new ConfigException("licences", "'%s' is no glob: %s".formatted(glob, e.getMessage()))
              .initCause(e);
    }
  }

  /** The licence of a file: of the first glob that matches its path, or that of the others. */
  String of(String path) {
    return byGlob.entrySet().stream()
        .filter(entry -> entry.getKey().matches(path))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(others);
  }
}
