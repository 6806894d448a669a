package org.trainyard.training.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/** The one place that finds engines. */
public final class Engines {
  /** The name of the engine that is taken when none is asked for. */
  public static final String STANDARD = "deeplearning4j";

  private Engines() {}

  /** The engine of this name with its standard settings. */
  public static Engine named(String name) {
    EngineTechnique<?> technique = Techniques.of(EngineTechnique.class).named(name, "engine");
    return Techniques.create(technique, JsonNodeFactory.instance.objectNode(), "engine." + name);
  }

  /** {@link #STANDARD} with its standard settings. */
  public static Engine standard() {
    return named(STANDARD);
  }

  /**
   * Checks that an engine builds every layer of a model and runs on a device: before any job
   * starts.
   *
   * @throws org.trainyard.pipeline.config.ConfigException naming the layer or the device it lacks
   */
  public static void check(Engine engine, ModelSpec model, Device device) {
    Features features = engine.features();
    for (LayerSpec layer : model.layers()) {
      Check.require(
          features.layers().contains(layer.kind()),
          "model",
          "layer '%s' is of the kind %s, which this engine does not build; it builds %s",
          layer.name(),
          layer.kind(),
          features.layers().stream().sorted().toList());
    }
    Check.require(
        features.devices().contains(device.kind()),
        "engine",
        "does not run on %s, only on %s",
        device.kind(),
        features.devices());
  }

  /**
   * Checks that every layer of a model keeps the examples of a packed row apart: before any job
   * that would hand it a packed batch, and at each such batch.
   *
   * @throws org.trainyard.pipeline.config.ConfigException naming the layer that does not
   */
  public static void checkPacked(Engine engine, ModelSpec model) {
    Features features = engine.features();
    for (LayerSpec layer : model.layers()) {
      Check.require(
          features.packed().contains(layer.kind()),
          "model",
          "layer '%s' is of the kind %s, which would mix the examples of a packed row; the kinds"
              + " that keep them apart are %s. Take planner: buckets in plan-batches",
          layer.name(),
          layer.kind(),
          features.packed().stream().sorted().toList());
    }
  }
}
