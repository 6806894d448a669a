package org.trainyard.dataprep.read.kernel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads some fields of JSON objects, one object after another; skips over the rest. */
public final class JsonFields {
  /** How many names a message lists. */
  private static final int LISTED = 12;

  private static final JsonFactory FACTORY = factory();

  private final Map<String, List<Integer>> wanted = new HashMap<>();
  private final String[] values;
  private final JsonToken[] kinds;
  private final List<String> names = new ArrayList<>();

  /** The object cannot be read. */
  public static final class Fault extends Exception {
    private static final long serialVersionUID = 1;

    Fault(String message) {
      super(message);
    }
  }

  /** Reads these fields; the empty name is no field and never found. */
  public JsonFields(List<String> fields) {
    values = new String[fields.size()];
    kinds = new JsonToken[fields.size()];
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).isEmpty()) {
        wanted.computeIfAbsent(fields.get(i), name -> new ArrayList<>()).add(i);
      }
    }
  }

  private static JsonFactory factory() {
    JsonFactory factory = new JsonFactory();
    // Documents are limited before they come here.
    factory.setStreamReadConstraints(
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return factory;
  }

  /**
   * Reads one object, in valid UTF-8.
   *
   * @throws Fault if it is not one JSON object and nothing else
   */
  public void read(byte[] bytes, int from, int to) throws Fault {
    Arrays.fill(values, null);
    Arrays.fill(kinds, null);
    names.clear();
    try (JsonParser parser = FACTORY.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Fault("no JSON object, but " + kind(parser.currentToken()));
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        names.add(name);
        JsonToken kind = parser.nextToken();
        List<Integer> slots = wanted.get(name);
        if (slots == null) {
          parser.skipChildren();
        } else {
          String value = value(parser, kind);
          slots.forEach(slot -> set(slot, kind, value));
        }
      }
      if (parser.nextToken() != null) {
        throw new Fault("more behind the end of the object");
      }
    } catch (JsonProcessingException e) {
      throw new Fault(describe(e));
    } catch (IOException e) {
      throw new IllegalStateException("Reading from memory failed", e);
    }
  }

  private void set(int slot, JsonToken kind, String value) {
    values[slot] = value;
    kinds[slot] = kind;
  }

  private static String value(JsonParser parser, JsonToken kind) throws IOException {
    if (kind == JsonToken.VALUE_NULL) {
      return null;
    }
    if (kind.isScalarValue()) {
      return parser.getText();
    }
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(json)) {
      generator.copyCurrentStructure(parser);
    }
    return json.toString();
  }

  private static String describe(JsonProcessingException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("broken");
    return e.getLocation() == null
        ? message
        : "%s (column %d)".formatted(message, e.getLocation().getColumnNr());
  }

  private static String kind(JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      default -> token.isNumeric() ? "a number" : "an object";
    };
  }

  /** A field's value as text, an object or list as JSON; empty if it is absent or null. */
  public Optional<String> value(int field) {
    return Optional.ofNullable(values[field]);
  }

  /** Whether a field holds a text. */
  public boolean isText(int field) {
    return kinds[field] == JsonToken.VALUE_STRING;
  }

  /** What was found instead of a field, for people. */
  public String foundInstead(String name, int field) {
    if (kinds[field] != null) {
      return "field '%s' is %s".formatted(name, kind(kinds[field]));
    }
    List<String> listed = names.size() > LISTED ? names.subList(0, LISTED) : names;
    return "no field '%s'; there are %s%s"
        .formatted(name, String.join(", ", listed), names.size() > LISTED ? ", …" : "");
  }
}
