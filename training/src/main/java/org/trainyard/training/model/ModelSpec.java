package org.trainyard.training.model;

import java.io.Serializable;
import java.util.List;

/**
 * An engine-neutral description of a network: named layers in order.
 *
 * @param input what comes in
 * @param layers from input to output; the last one carries the loss
 */
public record ModelSpec(InputSpec input, List<LayerSpec> layers) implements Serializable {

  /** Checks that names are unique. */
  public ModelSpec {
    layers = List.copyOf(layers);
    if (layers.stream().map(LayerSpec::name).distinct().count() != layers.size()) {
      throw new IllegalArgumentException("Two layers have the same name: " + layers);
    }
  }
}
