package org.trainyard.pipeline.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Nearest;
import org.trainyard.pipeline.config.PipelineFile;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Settings;
import org.trainyard.pipeline.technique.Technique;
import org.trainyard.pipeline.technique.Techniques;

/**
 * The checked run graph of a pipeline file: every technique found, every setting bound, every input
 * connected, every column traced. Building it reads no data.
 *
 * @param file what it was built from
 * @param steps by id, in order
 * @param units what is run, in order
 */
public record Graph(PipelineFile file, Map<String, Step> steps, List<Unit> units) {
  private static final String USE = "use";
  private static final String FROM = "from";
  private static final String MAX_REJECTS = "max-rejects";

  /** A source's faulty rows stop the run above this share; filters may reject all. */
  private static final double SOURCE_MAX_REJECTS = 0.05;

  /**
   * Builds and checks.
   *
   * @throws ConfigException if anything is wrong with the file
   */
  public static Graph of(PipelineFile file) {
    Map<String, Step> steps = new LinkedHashMap<>();
    Map<Reference, StructType> schemas = new HashMap<>();
    String previous = null;
    for (Map.Entry<String, ObjectNode> entry : file.steps().entrySet()) {
      Step step = step(entry.getKey(), entry.getValue(), file.seed(), steps, previous);
      trace(step, schemas);
      steps.put(step.id(), step);
      previous = step.id();
    }
    return new Graph(file, steps, fuse(steps.values()));
  }

  private static Step step(
      String id, ObjectNode block, long seed, Map<String, Step> earlier, String previous) {
    ObjectNode settings = block.deepCopy();
    JsonNode use = settings.remove(USE);
    JsonNode from = settings.remove(FROM);
    JsonNode maxRejects = settings.remove(MAX_REJECTS);
    Technique<?, ?> technique = technique(use == null ? id : use.asText(), id);
    Made made = make(technique, settings, id, seed);
    double allowed = made.work() instanceof Source ? SOURCE_MAX_REJECTS : 1;
    if (maxRejects != null) {
      Check.require(
          maxRejects.isNumber() && maxRejects.asDouble() >= 0 && maxRejects.asDouble() <= 1,
          id + "." + MAX_REJECTS,
          "must be a share of the rows, 0 to 1, but is %s",
          maxRejects);
      allowed = maxRejects.asDouble();
    }
    Step unconnected =
        new Step(id, technique, made.settings(), made.work(), new TreeMap<>(), allowed);
    return new Step(
        id,
        technique,
        made.settings(),
        made.work(),
        connect(unconnected, from, earlier, previous),
        allowed);
  }

  private static Technique<?, ?> technique(String name, String id) {
    List<Techniques<?>> kinds =
        List.of(
            Techniques.of(SourceTechnique.class),
            Techniques.of(StageTechnique.class),
            Techniques.of(JobTechnique.class));
    TreeSet<String> names = new TreeSet<>();
    for (Techniques<?> kind : kinds) {
      if (kind.has(name)) {
        return kind.named(name, id);
      }
      names.addAll(kind.names());
    }
    throw new ConfigException(
        id + "." + USE,
        "'%s' is unknown%s; choose one of %s"
            .formatted(
                name,
                Nearest.of(name, names).map(near -> ", did you mean '" + near + "'?").orElse(""),
                names));
  }

  private record Made(Object work, ObjectNode settings) {}

  private static <S extends Record, T> Made make(
      Technique<S, T> technique, ObjectNode block, String id, long seed) {
    Settings.Bound<S> bound = Settings.bind(block, technique.settings(), id, seed);
    try {
      return new Made(technique.create(bound.value()), bound.effective());
    } catch (ConfigException e) {
      throw Settings.below(e, id);
    }
  }

  private static SortedMap<String, Reference> connect(
      Step step, JsonNode from, Map<String, Step> earlier, String previous) {
    List<Port> ports = step.reads();
    Map<String, String> written = new LinkedHashMap<>();
    String key = step.id() + "." + FROM;
    if (from == null) {
      if (!ports.isEmpty() && previous != null) {
        written.put(ports.get(0).name(), previous);
      }
    } else if (from.isTextual()) {
      Check.require(!ports.isEmpty(), key, "this step reads no other step");
      written.put(ports.get(0).name(), from.asText());
    } else {
      Check.require(from.isObject(), key, "must be a step, or a block {input: step}");
      from.fields().forEachRemaining(e -> written.put(e.getKey(), e.getValue().asText()));
    }
    List<String> names = ports.stream().map(Port::name).toList();
    SortedMap<String, Reference> inputs = new TreeMap<>();
    written.forEach(
        (name, target) -> {
          Check.require(names.contains(name), key, "has no input '%s'; inputs are %s", name, names);
          Port port = ports.get(names.indexOf(name));
          inputs.put(name, reference(target, port, key, earlier));
        });
    for (Port port : ports) {
      Check.require(
          port.optional() || inputs.containsKey(port.name()),
          key,
          "input '%s' is not connected; write from: {%s: <step>, …}",
          port.name(),
          port.name());
    }
    return inputs;
  }

  private static Reference reference(
      String target, Port port, String key, Map<String, Step> earlier) {
    int dot = target.indexOf('.');
    String id = dot < 0 ? target : target.substring(0, dot);
    Step step = earlier.get(id);
    Check.require(
        step != null,
        key,
        "step '%s' is not an earlier step; earlier are %s",
        id,
        earlier.keySet());
    List<Port> outputs = step.outputs();
    Optional<Port> output =
        dot < 0
            ? outputs.stream().findFirst()
            : outputs.stream().filter(o -> o.name().equals(target.substring(dot + 1))).findFirst();
    Check.require(
        output.isPresent(),
        key,
        "step '%s' has no such output; outputs are %s",
        id,
        outputs.stream().map(Port::name).toList());
    Check.require(
        output.get().kind() == port.kind(),
        key,
        "'%s' is a%s, but input '%s' wants a%s",
        target,
        word(output.get().kind()),
        port.name(),
        word(port.kind()));
    return new Reference(id, output.get().name());
  }

  private static String word(Output.Kind kind) {
    return kind == Output.Kind.TABLE ? " table" : "n artifact";
  }

  /** Follows columns along the graph; an unknown schema (no columns promised) is not checked. */
  private static void trace(Step step, Map<Reference, StructType> schemas) {
    for (Port port : step.reads()) {
      Reference input = step.inputs().get(port.name());
      StructType present = input == null ? new StructType() : schemas.get(input);
      if (present.isEmpty()) {
        continue;
      }
      for (StructField needed : port.columns().fields()) {
        int index = Arrays.asList(present.fieldNames()).indexOf(needed.name());
        Check.require(
            index >= 0,
            step.id(),
            "needs the column '%s', but %s has %s; name another column in its settings",
            needed.name(),
            input,
            Arrays.asList(present.fieldNames()));
        Check.require(
            present
                .fields()[index]
                .dataType()
                .catalogString()
                .equals(needed.dataType().catalogString()),
            step.id(),
            "needs the column '%s' as %s, but in %s it is %s",
            needed.name(),
            needed.dataType().simpleString(),
            input,
            present.fields()[index].dataType().simpleString());
      }
    }
    if (step.work() instanceof Job job) {
      job.outputs().forEach(o -> schemas.put(new Reference(step.id(), o.name()), o.columns()));
    } else {
      Reference input = step.inputs().get(Step.ROWS);
      StructType before = input == null ? new StructType() : schemas.get(input);
      StructType after = input != null && before.isEmpty() ? before : changed(before, step);
      schemas.put(new Reference(step.id(), Step.ROWS), after);
    }
  }

  private static StructType changed(StructType before, Step step) {
    StructType after = new StructType();
    List<String> added = Arrays.asList(step.columns().adds().fieldNames());
    for (StructField field : before.fields()) {
      if (!step.columns().drops().contains(field.name()) && !added.contains(field.name())) {
        after = after.add(field);
      }
    }
    for (StructField field : step.columns().adds().fields()) {
      after = after.add(field);
    }
    return after;
  }

  /** Joins each stage to the step before it, where nobody else reads that step. */
  private static List<Unit> fuse(Collection<Step> steps) {
    Map<String, Integer> readers = new HashMap<>();
    for (Step step : steps) {
      step.inputs().values().forEach(input -> readers.merge(input.step(), 1, Integer::sum));
    }
    Map<String, List<Step>> open = new LinkedHashMap<>();
    for (Step step : steps) {
      Reference input = step.inputs().get(Step.ROWS);
      boolean joins =
          step.fusible()
              && input != null
              && readers.get(input.step()) == 1
              && open.containsKey(input.step())
              && open.get(input.step()).get(0).fusible();
      List<Step> chain = joins ? open.remove(input.step()) : new ArrayList<>();
      chain.add(step);
      open.put(step.id(), chain);
    }
    return open.values().stream().map(Unit::new).toList();
  }

  /** The unit that publishes a step's output. */
  public Unit unitOf(String step) {
    return units.stream()
        .filter(unit -> unit.id().equals(step))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("Step " + step + " is fused into another"));
  }
}
