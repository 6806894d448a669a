package org.trainyard.training.engine;

import java.util.Set;

/**
 * What an engine can do.
 *
 * @param layers names of the layer kinds it builds, as {@link
 *     org.trainyard.training.model.LayerSpec#kind}
 * @param slots names of the plug-in slots it offers
 * @param devices where it runs
 * @param deterministic whether equal inputs give bit-equal outputs
 */
public record Features(
    Set<String> layers, Set<String> slots, Set<Device.Kind> devices, boolean deterministic) {
  /** Keeps its own copies. */
  public Features {
    layers = Set.copyOf(layers);
    slots = Set.copyOf(slots);
    devices = Set.copyOf(devices);
  }
}
