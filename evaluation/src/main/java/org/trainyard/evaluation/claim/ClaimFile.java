package org.trainyard.evaluation.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Nearest;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.technique.Settings;

/**
 * A claim and the file that it stands in.
 *
 * @param name of the file, without its ending
 * @param file where it lies
 * @param claim what it says
 */
record ClaimFile(String name, Path file, Claim claim) {
  private static final String ENDING = ".yaml";

  /**
   * Reads claims.
   *
   * @param folder that holds one YAML file for each claim
   * @param names which ones; empty for all
   * @throws DataException if the folder holds no claim
   * @throws ConfigException if a name is unknown or a claim is wrong
   */
  static Collection<ClaimFile> read(Storage storage, String folder, Collection<String> names) {
    Map<String, Path> files = new TreeMap<>();
    for (FileStatus child : storage.children(storage.qualified(folder))) {
      String name = child.getPath().getName();
      if (child.isFile() && name.endsWith(ENDING)) {
        files.put(name.substring(0, name.length() - ENDING.length()), child.getPath());
      }
    }
    if (files.isEmpty()) {
      throw new DataException(
          "%s: holds no claim (*.yaml). Name the folder with --folder"
              .formatted(storage.qualified(folder)));
    }
    for (String name : names) {
      Check.require(
          files.containsKey(name),
          "claims",
          "'%s' is unknown%s; there are %s",
          name,
          Nearest.of(name, files.keySet()).map(near -> ", did you mean '" + near + "'?").orElse(""),
          files.keySet());
    }
    return (names.isEmpty() ? files.keySet() : names)
        .stream().distinct().map(name -> read(storage, name, files.get(name))).toList();
  }

  private static ClaimFile read(Storage storage, String name, Path file) {
    try {
      JsonNode tree = Yaml.parse(storage.read(file).orElseThrow());
      Check.require(tree.isObject(), "", "a claim must be a block of keys");
      return new ClaimFile(name, file, Settings.bind((ObjectNode) tree, Claim.class, "").value());
    } catch (ConfigException e) {
      throw Settings.inFile(e, file.toString());
    }
  }

  /** The pipeline file of the claim. */
  String pipeline() {
    return new Path(file.getParent(), claim.pipeline()).toString();
  }
}
