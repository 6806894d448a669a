package org.trainyard.pipeline.technique;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trainyard.pipeline.config.Yaml;

/** Describes settings records to editors, as JSON Schema of 2020-12. */
public final class JsonSchema {
  private JsonSchema() {}

  /**
   * The schema of a settings block.
   *
   * @param more keys that every block of this place may have besides, with their schemas
   */
  public static ObjectNode block(Class<? extends Record> settings, ObjectNode more) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (RecordComponent component : settings.getRecordComponents()) {
      String key = Settings.key(component);
      properties.set(key, component(component));
      boolean needed =
          component.getAnnotation(Setting.class).standard().equals(Setting.REQUIRED)
              && !component.getName().equals("seed");
      if (needed) {
        required.add(key);
      }
    }
    properties.setAll(more);
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static ObjectNode component(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    ObjectNode schema = type(component.getGenericType(), setting);
    schema.put("description", setting.help());
    if (!setting.standard().equals(Setting.REQUIRED)) {
      schema.set(
          "default",
          component.getType() == String.class
              ? JsonNodeFactory.instance.textNode(setting.standard())
              : Yaml.parse(setting.standard()));
    }
    return schema;
  }

  private static ObjectNode type(Type type, Setting setting) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (type instanceof ParameterizedType generic) {
      if (generic.getRawType() == Choice.class) {
        return choice(setting);
      }
      if (generic.getRawType() == List.class) {
        ObjectNode item = type(generic.getActualTypeArguments()[0], setting);
        schema.putArray("anyOf").add(item).addObject().put("type", "array").set("items", item);
        return schema;
      }
      if (generic.getRawType() == Map.class) {
        schema.put("type", "object");
        schema.set("additionalProperties", type(generic.getActualTypeArguments()[1], setting));
        return schema;
      }
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isRecord()) {
      return block(plain.asSubclass(Record.class), JsonNodeFactory.instance.objectNode());
    }
    if (plain.isEnum()) {
      ArrayNode names = schema.putArray("enum");
      for (Object constant : plain.getEnumConstants()) {
        names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
      }
      return schema;
    }
    schema.put("type", scalar(plain));
    if (Double.isFinite(setting.min())) {
      schema.put("minimum", setting.min());
    }
    if (Double.isFinite(setting.max())) {
      schema.put("maximum", setting.max());
    }
    return schema;
  }

  private static String scalar(Class<?> type) {
    if (type == boolean.class) {
      return "boolean";
    }
    if (type == String.class) {
      return "string";
    }
    return type == double.class || type == Double.class ? "number" : "integer";
  }

  private static ObjectNode choice(Setting setting) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<Technique<?, ?>> kind = (Class) setting.technique();
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    ArrayNode anyOf = schema.putArray("anyOf");
    ArrayNode names = anyOf.addObject().putArray("enum");
    ObjectNode block = anyOf.addObject();
    block.put("type", "object").put("additionalProperties", false);
    block.put("minProperties", 1).put("maxProperties", 1);
    ObjectNode properties = block.putObject("properties");
    for (Technique<?, ?> technique : Techniques.of(kind).all()) {
      names.add(technique.card().name());
      ObjectNode settings = block(technique.settings(), JsonNodeFactory.instance.objectNode());
      settings.put("description", technique.card().what());
      properties.set(technique.card().name(), settings);
    }
    return schema;
  }
}
