package org.trainyard.pipeline.technique;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.trainyard.pipeline.config.Check;

/**
 * All techniques of one kind on the class path, by name. A second technique of the same name is an
 * error; an unknown name lists the right ones.
 *
 * @param <K> the kind: a sub-interface of {@link Technique}
 */
public final class Techniques<K extends Technique<?, ?>> {
  private static final Map<Class<?>, Techniques<?>> LOADED = new ConcurrentHashMap<>();

  private final Class<K> kind;
  private final Map<String, K> byName = new TreeMap<>();

  private Techniques(Class<K> kind) {
    this.kind = kind;
    try {
      ServiceLoader.load(kind, loader()).forEach(this::add);
    } catch (ServiceConfigurationError e) {
      throw new IllegalStateException("Cannot load techniques: " + e.getMessage(), e);
    }
  }

  /** The techniques of a kind; loaded once per JVM. */
  @SuppressWarnings("unchecked")
  public static <K extends Technique<?, ?>> Techniques<K> of(Class<K> kind) {
    return (Techniques<K>) LOADED.computeIfAbsent(kind, k -> new Techniques<>((Class<K>) k));
  }

  /**
   * The techniques of a kind given by class name, as a {@link Choice} carries it to an executor.
   */
  @SuppressWarnings("unchecked")
  static Techniques<?> ofKind(String kind) {
    try {
      return of((Class<Technique<?, ?>>) Class.forName(kind, true, loader()));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Technique kind " + kind + " is not on the class path", e);
    }
  }

  private static ClassLoader loader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : Techniques.class.getClassLoader();
  }

  private void add(K technique) {
    String name = technique.card().name();
    K other = byName.put(name, technique);
    if (other != null) {
      throw new IllegalStateException(
          "Techniques %s and %s have the same name '%s'"
              .formatted(other.getClass().getName(), technique.getClass().getName(), name));
    }
  }

  /** Whether a technique of this name exists. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** All names, sorted. */
  public Collection<String> names() {
    return byName.keySet();
  }

  /** All techniques, sorted by name. */
  public Collection<K> all() {
    return byName.values();
  }

  /**
   * The technique of this name.
   *
   * @param key the settings key under which the name was written, for the error
   * @throws org.trainyard.pipeline.config.ConfigException if there is none
   */
  public K named(String name, String key) {
    K technique = byName.get(name);
    Check.require(
        technique != null, key, "'%s' is unknown; choose one of %s", name, byName.keySet());
    return technique;
  }

  /** Makes what a checked choice stands for. */
  Object create(Choice<?> choice) {
    Technique<?, ?> technique = named(choice.name(), kind.getSimpleName());
    return create(technique, choice);
  }

  private static <S extends Record, T> T create(Technique<S, T> technique, Choice<?> choice) {
    ObjectNode settings = Settings.json(choice.settings());
    return technique.create(Settings.bind(settings, technique.settings(), choice.name()).value());
  }

  /** Binds a YAML block to a technique's settings and makes the thing. */
  public static <S extends Record, T> T create(
      Technique<S, T> technique, ObjectNode block, String key) {
    return technique.create(Settings.bind(block, technique.settings(), key).value());
  }
}
