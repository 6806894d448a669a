package org.trainyard.pipeline.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.pipeline.technique.Technique;
import org.trainyard.pipeline.technique.Techniques;

/** All techniques on the class path by kind: steps, and what steps choose inside their settings. */
final class Catalogue {
  private Catalogue() {}

  /** Kind, in words, to its techniques; kinds that settings lead to are found along the way. */
  static Map<String, List<Technique<?, ?>>> all() {
    Map<String, List<Technique<?, ?>>> found = new TreeMap<>();
    add(found, SourceTechnique.class);
    add(found, StageTechnique.class);
    add(found, JobTechnique.class);
    return found;
  }

  private static <K extends Technique<?, ?>> void add(
      Map<String, List<Technique<?, ?>>> found, Class<K> kind) {
    String name = kind.getSimpleName().replace("Technique", "");
    if (found.containsKey(name)) {
      return;
    }
    found.put(name, new ArrayList<>(Techniques.of(kind).all()));
    List.copyOf(found.get(name)).forEach(technique -> inside(found, technique.settings()));
  }

  @SuppressWarnings("unchecked")
  private static void inside(
      Map<String, List<Technique<?, ?>>> found, Class<? extends Record> settings) {
    for (var component : settings.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting != null && setting.technique() != Technique.class) {
        add(found, (Class<Technique<?, ?>>) (Class<?>) setting.technique());
      }
      if (component.getType().isRecord()) {
        inside(found, component.getType().asSubclass(Record.class));
      }
    }
  }

  /** All benchmarks on the class path. */
  static List<Benchmark> benchmarks() {
    List<Benchmark> found = new ArrayList<>();
    ServiceLoader.load(Benchmark.class).forEach(found::add);
    found.sort(java.util.Comparator.comparing(Benchmark::name));
    return found;
  }
}
