package org.trainyard.pipeline.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.Source;

/**
 * What decides whether a unit must run: its techniques with their versions and settings, and the
 * keys of what it reads. Files outside the pipeline count by path, length and modification time,
 * never by content. All keys of a graph are known before anything runs.
 */
public final class Keys {
  private final Map<String, String> byUnit = new LinkedHashMap<>();
  private final Map<String, TreeMap<String, String>> inputs = new LinkedHashMap<>();
  private final Map<String, List<InputFile>> files = new LinkedHashMap<>();

  /**
   * Computes the keys of all units.
   *
   * @throws org.trainyard.pipeline.record.DataException if an input file is missing
   */
  public Keys(Graph graph, Sampling sampling, Storage storage) {
    for (Unit unit : graph.units()) {
      TreeMap<String, String> read = new TreeMap<>();
      unit.inputs()
          .forEach((name, from) -> read.put(name, byUnit.get(from.step()) + "." + from.output()));
      Step first = unit.steps().get(0);
      if (first.work() instanceof Job job && !job.files().isEmpty()) {
        read.put("files", digest(unit, storage.resolve(job.files(), first.id())));
      }
      if (first.work() instanceof Source source) {
        read.put("files", digest(unit, storage.resolve(source.paths(), first.id() + ".paths")));
        if (sampling.active()) {
          read.put("sampling", sampling.toString());
        }
      }
      inputs.put(unit.id(), read);
      byUnit.put(unit.id(), sha256(describe(unit, read)));
    }
  }

  private String digest(Unit unit, List<InputFile> found) {
    files.put(unit.id(), found);
    StringBuilder listing = new StringBuilder();
    found.forEach(
        file ->
            listing
                .append(file.path())
                .append(' ')
                .append(file.bytes())
                .append(' ')
                .append(file.modified())
                .append('\n'));
    return sha256(listing.toString());
  }

  private static String describe(Unit unit, Map<String, String> read) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    unit.steps()
        .forEach(
            step -> {
              StepRecord.Applied applied = step.applied();
              all.withArray("techniques")
                  .addObject()
                  .put("technique", applied.technique())
                  .put("version", applied.version())
                  .set("settings", applied.settings());
            });
    read.forEach((name, key) -> all.withObject("/inputs").put(name, key));
    return Json.line(all);
  }

  /** Key of a unit: 64 hexadecimal digits. */
  public String of(Unit unit) {
    return byUnit.get(unit.id());
  }

  /** Keys of what a unit reads, by input name. */
  public TreeMap<String, String> inputs(Unit unit) {
    return inputs.get(unit.id());
  }

  /** Files outside the pipeline that a unit reads; empty if there are none. */
  public List<InputFile> files(Unit unit) {
    return files.getOrDefault(unit.id(), List.of());
  }

  /** SHA-256 of a text, in hexadecimal. */
  public static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
