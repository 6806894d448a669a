package org.trainyard.pipeline.technique;

/**
 * A named plug-in: what a user switches on by one block of YAML, what the registry finds and what
 * the catalogue describes.
 *
 * <p>A technique is one class with a public constructor without arguments, annotated with {@link
 * Card}, and one line in {@code META-INF/services} under the sub-interface that it implements. A
 * jar given with {@code --jars} adds techniques without any other change.
 *
 * @param <S> its settings, a record whose components carry {@link Setting}
 * @param <T> what it makes
 */
public interface Technique<S extends Record, T> {

  /** The record that its YAML block binds to. */
  Class<S> settings();

  /**
   * Makes the thing. Called on the driver while the run graph is checked, before any job starts, so
   * it must be cheap and must fail here on settings that contradict each other.
   *
   * @throws org.trainyard.pipeline.config.ConfigException if the settings cannot work
   */
  T create(S settings);

  /** What the catalogue says of this technique. */
  default Card card() {
    Card card = getClass().getAnnotation(Card.class);
    if (card == null) {
      throw new IllegalStateException(getClass().getName() + " lacks the annotation @Card");
    }
    return card;
  }
}
