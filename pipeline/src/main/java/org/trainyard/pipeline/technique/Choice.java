package org.trainyard.pipeline.technique;

import java.io.Serializable;

/**
 * A technique chosen inside the settings of another: {@code rule: {adamw: {learning-rate: 0.002}}}
 * or just {@code rule: sgd}. The settings were checked when the choice was bound; it can be sent to
 * executors and made there.
 *
 * @param kind class name of the {@link Technique} sub-interface
 * @param name the chosen technique
 * @param settings its effective settings, all defaults filled in, as JSON
 * @param <T> what it makes
 */
public record Choice<T>(String kind, String name, String settings) implements Serializable {

  /** Makes the chosen thing; a fresh one each time. */
  @SuppressWarnings("unchecked")
  public T create() {
    return (T) Techniques.ofKind(kind).create(this);
  }

  @Override
  public String toString() {
    return name + settings;
  }
}
