package org.trainyard.dataprep.curate.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.technique.Settings;

/** Settings records from YAML, with defaults where nothing is written. */
final class Limits {
  private Limits() {}

  static <S extends Record> S of(Class<S> type, String yaml) {
    return Settings.bind((ObjectNode) Yaml.parse(yaml), type, "").value();
  }

  /** What {@code all} says, but where {@code some} says otherwise. */
  static <S extends Record> S of(Class<S> type, String all, String some) {
    ObjectNode block = (ObjectNode) Yaml.parse(all);
    block.setAll((ObjectNode) Yaml.parse(some));
    return Settings.bind(block, type, "").value();
  }
}
