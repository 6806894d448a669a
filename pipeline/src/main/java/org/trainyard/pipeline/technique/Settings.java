package org.trainyard.pipeline.technique;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.config.Yaml;

/**
 * Binds a YAML block to a settings record. The order of precedence is default, file, {@code --set};
 * the last two are merged before they come here. Unknown keys, missing keys, wrong types and
 * numbers out of range fail with the full key and the mend.
 */
public final class Settings {
  private Settings() {}

  /**
   * A bound record.
   *
   * @param value the record
   * @param effective the block with every default filled in, keys in the record's order
   */
  public record Bound<S>(S value, ObjectNode effective) {}

  /** The key of a record component: {@code minWords} is {@code min-words}. */
  public static String key(RecordComponent component) {
    return kebab(component.getName());
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** Parses a JSON object that this product wrote itself. */
  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Not a JSON object: " + text, e);
    }
  }

  /**
   * Binds a block.
   *
   * @param block what the user wrote
   * @param type the settings record; its components carry {@link Setting}
   * @param path the key of the block itself, put before each key in errors
   * @throws ConfigException if a key is unknown, missing, of the wrong type or out of range
   */
  public static <S extends Record> Bound<S> bind(ObjectNode block, Class<S> type, String path) {
    return bind(block, type, path, 0);
  }

  /**
   * Binds a block.
   *
   * @param seed what a component called {@code seed} gets when nobody gives one
   */
  public static <S extends Record> Bound<S> bind(
      ObjectNode block, Class<S> type, String path, long seed) {
    RecordComponent[] components = type.getRecordComponents();
    Check.knownKeys(block, Arrays.stream(components).map(Settings::key).toList(), path);
    Object[] values = new Object[components.length];
    ObjectNode effective = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < components.length; i++) {
      String key = key(components[i]);
      JsonNode node = valueOrStandard(block.get(key), components[i], join(path, key), seed);
      Slot slot = new Slot(components[i].getAnnotation(Setting.class), join(path, key), seed);
      Converted converted = convert(node, components[i].getGenericType(), slot);
      values[i] = converted.value();
      effective.set(key, converted.effective());
    }
    return new Bound<>(instantiate(type, values, path), effective);
  }

  private static JsonNode valueOrStandard(
      JsonNode written, RecordComponent component, String path, long seed) {
    if (written != null && !written.isNull()) {
      return written;
    }
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(
          component.getDeclaringRecord()
              + "."
              + component.getName()
              + " lacks the annotation @Setting");
    }
    if (!setting.standard().equals(Setting.REQUIRED)) {
      return component.getType() == String.class
          ? TextNode.valueOf(setting.standard())
          : Yaml.parse(setting.standard());
    }
    if (component.getName().equals("seed")) {
      return JsonNodeFactory.instance.numberNode(seed);
    }
    throw new ConfigException(path, "is missing; it is: " + setting.help());
  }

  private record Slot(Setting setting, String path, long seed) {
    Slot at(String key) {
      return new Slot(setting, join(path, key), seed);
    }

    ConfigException wrong(String wanted, JsonNode found) {
      return new ConfigException(path, "must be %s, but is %s".formatted(wanted, found));
    }
  }

  private record Converted(Object value, JsonNode effective) {}

  private static Converted convert(JsonNode node, Type type, Slot slot) {
    if (type instanceof ParameterizedType generic) {
      Type raw = generic.getRawType();
      if (raw == Choice.class) {
        return choice(node, slot);
      }
      if (raw == List.class) {
        return list(node, generic.getActualTypeArguments()[0], slot);
      }
      if (raw == Map.class) {
        return map(node, generic.getActualTypeArguments()[1], slot);
      }
    }
    if (type instanceof Class<?> plain) {
      if (plain.isRecord()) {
        if (!node.isObject()) {
          throw slot.wrong("a block of keys", node);
        }
        Bound<?> bound =
            bind((ObjectNode) node, plain.asSubclass(Record.class), slot.path(), slot.seed());
        return new Converted(bound.value(), bound.effective());
      }
      if (plain.isEnum()) {
        return enumeration(node, plain, slot);
      }
      // A list or map holds Long and Double, a component long and double: both are checked alike.
      Class<?> primitive = MethodType.methodType(plain).unwrap().returnType();
      return new Converted(scalar(node, primitive, slot), node);
    }
    throw new IllegalStateException(slot.path() + ": settings cannot be of type " + type);
  }

  private static Object scalar(JsonNode node, Class<?> type, Slot slot) {
    if (type == String.class) {
      if (!node.isValueNode()) {
        throw slot.wrong("text", node);
      }
      return node.asText();
    }
    if (type == boolean.class || type == Boolean.class) {
      if (!node.isBoolean()) {
        throw slot.wrong("true or false", node);
      }
      return node.booleanValue();
    }
    if (type == double.class || type == Double.class) {
      if (!node.isNumber()) {
        throw slot.wrong("a number", node);
      }
      return inRange(node.doubleValue(), node, slot);
    }
    boolean small = type == int.class || type == Integer.class;
    if (small || type == long.class || type == Long.class) {
      if (!node.isIntegralNumber() || (small && !node.canConvertToInt())) {
        throw slot.wrong("a whole number", node);
      }
      inRange(node.doubleValue(), node, slot);
      return small ? (Object) node.intValue() : (Object) node.longValue();
    }
    throw new IllegalStateException(slot.path() + ": settings cannot be of type " + type);
  }

  private static double inRange(double value, JsonNode node, Slot slot) {
    double min = slot.setting().min();
    double max = slot.setting().max();
    if (!(value >= min)) {
      throw slot.wrong("at least " + plain(min), node);
    }
    if (!(value <= max)) {
      throw slot.wrong("at most " + plain(max), node);
    }
    return value;
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static Converted enumeration(JsonNode node, Class<?> type, Slot slot) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(node.asText())) {
        return new Converted(constant, node);
      }
      names.add(name);
    }
    throw slot.wrong("one of " + names, node);
  }

  private static Converted list(JsonNode node, Type element, Slot slot) {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    if (node.isArray()) {
      items = (ArrayNode) node;
    } else if (node.isValueNode()) {
      items.add(node);
    } else {
      throw slot.wrong("a list", node);
    }
    List<Object> values = new ArrayList<>();
    ArrayNode effective = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < items.size(); i++) {
      Converted item = convert(items.get(i), element, slot.at(Integer.toString(i)));
      values.add(item.value());
      effective.add(item.effective());
    }
    return new Converted(List.copyOf(values), effective);
  }

  private static Converted map(JsonNode node, Type value, Slot slot) {
    if (!node.isObject()) {
      throw slot.wrong("a block of keys", node);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    ObjectNode effective = JsonNodeFactory.instance.objectNode();
    node.fields()
        .forEachRemaining(
            entry -> {
              Converted item = convert(entry.getValue(), value, slot.at(entry.getKey()));
              values.put(entry.getKey(), item.value());
              effective.set(entry.getKey(), item.effective());
            });
    return new Converted(java.util.Collections.unmodifiableMap(values), effective);
  }

  private static Converted choice(JsonNode node, Slot slot) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Class<Technique<?, ?>> kind = (Class) slot.setting().technique();
    String name;
    JsonNode block;
    if (node.isTextual()) {
      name = node.asText();
      block = JsonNodeFactory.instance.objectNode();
    } else if (node.isObject() && node.size() == 1) {
      Map.Entry<String, JsonNode> only = node.fields().next();
      name = only.getKey();
      block = only.getValue().isNull() ? JsonNodeFactory.instance.objectNode() : only.getValue();
    } else {
      throw slot.wrong(
          "one name of %s, or one such name with its settings"
              .formatted(Techniques.of(kind).names()),
          node);
    }
    Technique<?, ?> technique = Techniques.of(kind).named(name, slot.path());
    String path = join(slot.path(), name);
    if (!block.isObject()) {
      throw new ConfigException(path, "must be a block of keys, but is " + block);
    }
    ObjectNode settings = bound(technique, (ObjectNode) block, path, slot.seed());
    ObjectNode effective = JsonNodeFactory.instance.objectNode();
    effective.set(name, settings);
    return new Converted(new Choice<>(kind.getName(), name, settings.toString()), effective);
  }

  /** Binds and makes once, so that contradictions show before any job starts. */
  private static <S extends Record, T> ObjectNode bound(
      Technique<S, T> technique, ObjectNode block, String path, long seed) {
    Bound<S> bound = bind(block, technique.settings(), path, seed);
    try {
      technique.create(bound.value());
    } catch (ConfigException e) {
      throw below(e, path);
    }
    return bound.effective();
  }

  private static <S extends Record> S instantiate(Class<S> type, Object[] values, String path) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<S> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException config) {
        throw below(config, path);
      }
      throw new IllegalStateException(path + ": " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type.getName(), e);
    }
  }

  /** The same error with the path of the block put before its key. */
  public static ConfigException below(ConfigException error, String path) {
    if (error.key().equals(path) || error.key().startsWith(path + ".")) {
      return error;
    }
    String message =
        error.key().isEmpty()
            ? error.getMessage()
            : error.getMessage().substring(error.key().length() + 2);
    ConfigException placed = new ConfigException(join(path, error.key()), message);
    placed.initCause(error);
    return placed;
  }

  /** The same error with the name of the file put in front. */
  public static ConfigException inFile(ConfigException error, String file) {
    ConfigException placed = new ConfigException("", file + ": " + error.getMessage());
    placed.initCause(error);
    return placed;
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
  }
}
