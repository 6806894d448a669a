package org.trainyard.training.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/**
 * A trained model as an artifact keeps it: {@code model.json} says what it is, {@code
 * parameters.safetensors} holds its parameters.
 *
 * @param engine that trained it, and opens it again
 * @param spec the network
 * @param facts of the data it was made for
 * @param layout of its parameters
 * @param parameters the values
 */
public record TrainedModel(
    Choice<Engine> engine, ModelSpec spec, DataFacts facts, Layout layout, Parameters parameters) {
  /** Name of the file that says what the model is. */
  public static final String DESCRIPTION = "model.json";

  /** Name of the file of the parameters to use. */
  public static final String PARAMETERS = "parameters.safetensors";

  /**
   * Name of the file of the parameters as the last epoch left them, where those to use are others.
   */
  public static final String LAST = "last.safetensors";

  /** Name of the file with one line a round and one a validation. */
  public static final String HISTORY = "history.jsonl";

  private static final int FORMAT = 1;
  private static final String KIND = "kind";

  /** Writes both files. */
  public void write(Storage storage, Path folder) {
    ObjectNode tree = Json.MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.set("engine", Json.MAPPER.valueToTree(engine));
    tree.set("input", Json.MAPPER.valueToTree(spec.input()));
    ArrayNode layers = tree.putArray("layers");
    for (LayerSpec layer : spec.layers()) {
      ObjectNode node = layers.addObject().put(KIND, layer.kind());
      node.setAll((ObjectNode) Json.MAPPER.valueToTree(layer));
    }
    tree.set("facts", Json.MAPPER.valueToTree(facts));
    tree.set("layout", Json.MAPPER.valueToTree(layout.slices()));
    storage.write(new Path(folder, DESCRIPTION), Json.pretty(tree));
    writeParameters(storage, new Path(folder, PARAMETERS), layout, parameters);
  }

  /** Writes parameters under the names of their slices. */
  public static void writeParameters(
      Storage storage, Path file, Layout layout, Parameters parameters) {
    List<SafeTensors.Array> arrays = new ArrayList<>();
    for (int i = 0; i < layout.slices().size(); i++) {
      Slice slice = layout.slices().get(i);
      arrays.add(new SafeTensors.Array(slice.name(), slice.shape(), parameters.slice(i)));
    }
    SafeTensors.write(storage, file, Map.of("format", "trainyard"), arrays);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws DataException if a file is missing, broken or of another model
   */
  public static TrainedModel read(Storage storage, Path folder) {
    Path file = new Path(folder, DESCRIPTION);
    String text =
        storage
            .read(file)
            .orElseThrow(
                () ->
                    new DataException(
                        "%s: does not exist. Name the model output of a train step"
                            .formatted(file)));
    try {
      JsonNode tree = Json.MAPPER.readTree(text);
      ModelSpec spec =
          new ModelSpec(
              Json.MAPPER.treeToValue(tree.path("input"), InputSpec.class), layers(tree, file));
      Layout layout =
          new Layout(List.of(Json.MAPPER.treeToValue(tree.path("layout"), Slice[].class)));
      return new TrainedModel(
          Json.MAPPER.convertValue(
              tree.path("engine"),
              Json.MAPPER.getTypeFactory().constructParametricType(Choice.class, Engine.class)),
          spec,
          Json.MAPPER.treeToValue(tree.path("facts"), DataFacts.class),
          layout,
          readParameters(storage, new Path(folder, PARAMETERS), layout));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s: not a model description: %s. Train it again".formatted(file, Storage.reason(e)), e);
    }
  }

  private static List<LayerSpec> layers(JsonNode tree, Path file) throws JsonProcessingException {
    List<LayerSpec> layers = new ArrayList<>();
    for (JsonNode node : tree.path("layers")) {
      String kind = node.path(KIND).asText();
      Class<?> type =
          Arrays.stream(LayerSpec.class.getPermittedSubclasses())
              .filter(permitted -> permitted.getSimpleName().equals(kind))
              .findFirst()
              .orElseThrow(
                  () ->
                      new DataException(
                          "%s: layer kind '%s' is unknown; this version knows %s. Use the version"
                                  .formatted(file, kind, kinds())
                              + " that trained it"));
      ObjectNode settings = node.deepCopy();
      settings.remove(KIND);
      layers.add((LayerSpec) Json.MAPPER.treeToValue(settings, type));
    }
    return layers;
  }

  private static List<String> kinds() {
    return Stream.of(LayerSpec.class.getPermittedSubclasses()).map(Class::getSimpleName).toList();
  }

  /** Reads parameters of a layout. */
  public static Parameters readParameters(Storage storage, Path file, Layout layout) {
    try (SafeTensors tensors = SafeTensors.open(storage, file)) {
      Parameters parameters = Parameters.zeros(layout);
      for (int i = 0; i < layout.slices().size(); i++) {
        Slice slice = layout.slices().get(i);
        float[] values = tensors.values(slice.name());
        if (!Arrays.equals(tensors.shape(slice.name()), slice.shape())) {
          throw new DataException(
              "%s: array '%s' has the shape %s, but the model's is %s. Train it again"
                  .formatted(
                      file,
                      slice.name(),
                      Arrays.toString(tensors.shape(slice.name())),
                      Arrays.toString(slice.shape())));
        }
        System.arraycopy(values, 0, parameters.slice(i), 0, values.length);
      }
      return parameters;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
