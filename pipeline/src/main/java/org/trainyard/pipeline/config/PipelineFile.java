package org.trainyard.pipeline.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pipeline file with the overrides of the command line merged in: still text and numbers, not yet
 * bound to techniques.
 *
 * @param name of the pipeline
 * @param output folder of all tables and artifacts, on any Hadoop file system
 * @param seed default of every setting called {@code seed}
 * @param spark properties for Spark, below those of spark-submit
 * @param steps blocks by step id, in order
 * @param tree the whole file as it takes effect
 */
public record PipelineFile(
    String name,
    String output,
    long seed,
    Map<String, String> spark,
    Map<String, ObjectNode> steps,
    ObjectNode tree) {
  private static final List<String> KEYS = List.of("name", "output", "seed", "spark", "steps");
  private static final String STEP_ID = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

  /**
   * Reads the text of a pipeline file.
   *
   * @param overrides {@code key=value} pairs as given with {@code --set}, value in YAML
   * @throws ConfigException if it is not a pipeline
   */
  public static PipelineFile parse(String text, Map<String, String> overrides) {
    JsonNode parsed = Yaml.parse(text);
    Check.require(parsed.isObject(), "", "a pipeline file must be a block with the keys %s", KEYS);
    ObjectNode tree = (ObjectNode) parsed;
    Check.knownKeys(tree, KEYS, "");
    Check.require(
        tree.path("steps").isObject() && !tree.path("steps").isEmpty(),
        "steps",
        "must be a block with at least one step");
    overrides.forEach((key, value) -> override(tree, key, value));
    Map<String, ObjectNode> steps = new LinkedHashMap<>();
    tree.get("steps")
        .fields()
        .forEachRemaining(
            entry -> steps.put(entry.getKey(), step(entry.getKey(), entry.getValue())));
    return new PipelineFile(
        text(tree, "name"), text(tree, "output"), seed(tree), spark(tree), steps, tree);
  }

  private static ObjectNode step(String id, JsonNode block) {
    Check.require(
        id.matches(STEP_ID), id, "a step's id must be lower-case words joined by hyphens");
    if (block.isNull()) {
      return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    }
    Check.require(block.isObject(), id, "must be a block of settings, but is %s", block);
    return (ObjectNode) block;
  }

  private static void override(ObjectNode tree, String key, String value) {
    ObjectNode block = tree;
    String last = key;
    int dot = key.indexOf('.');
    if (dot > 0) {
      JsonNode step = tree.get("steps").get(key.substring(0, dot));
      List<String> ids = new java.util.ArrayList<>();
      tree.get("steps").fieldNames().forEachRemaining(ids::add);
      Check.require(step != null, key, "no such step to set; steps are %s", ids);
      if (step.isNull()) {
        ((ObjectNode) tree.get("steps")).putObject(key.substring(0, dot));
      }
      block = (ObjectNode) tree.get("steps").get(key.substring(0, dot));
      last = key.substring(dot + 1);
      for (int next = last.indexOf('.'); next > 0; next = last.indexOf('.')) {
        String inner = last.substring(0, next);
        JsonNode below = block.get(inner);
        if (below != null && below.isTextual()) {
          // "rule: adamw" grows settings: "rule: {adamw: {…}}"
          String chosen = below.asText();
          block.putObject(inner).putObject(chosen);
        } else if (below == null || !below.isObject()) {
          block.putObject(inner);
        }
        block = (ObjectNode) block.get(inner);
        last = last.substring(next + 1);
      }
    }
    JsonNode parsed = Yaml.parse(value);
    block.set(last, parsed.isNull() ? TextNode.valueOf(value) : parsed);
    Check.knownKeys(tree, KEYS, "");
  }

  private static String text(ObjectNode tree, String key) {
    JsonNode node = tree.path(key);
    Check.require(
        node.isValueNode() && !node.asText().isBlank(), key, "is missing; every pipeline has one");
    return node.asText();
  }

  private static long seed(ObjectNode tree) {
    JsonNode node = tree.path("seed");
    Check.require(
        node.isMissingNode() || node.isIntegralNumber(),
        "seed",
        "must be a whole number, but is %s",
        node);
    return node.asLong(1);
  }

  private static Map<String, String> spark(ObjectNode tree) {
    Map<String, String> properties = new LinkedHashMap<>();
    JsonNode node = tree.path("spark");
    Check.require(
        node.isMissingNode() || node.isObject(), "spark", "must be a block of Spark properties");
    node.fields()
        .forEachRemaining(
            entry -> {
              Check.require(
                  entry.getKey().startsWith("spark.") && entry.getValue().isValueNode(),
                  "spark." + entry.getKey(),
                  "must be the full name of a Spark property, with one value");
              properties.put(entry.getKey(), entry.getValue().asText());
            });
    return properties;
  }
}
