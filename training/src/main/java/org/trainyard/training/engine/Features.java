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
 * @param packed names of the layer kinds that keep the examples of a packed row apart
 */
public record Features(
    Set<String> layers,
    Set<String> slots,
    Set<Device.Kind> devices,
    boolean deterministic,
    Set<String> packed) {
  /** Keeps its own copies. */
  public Features {
    layers = Set.copyOf(layers);
    slots = Set.copyOf(slots);
    devices = Set.copyOf(devices);
    packed = Set.copyOf(packed);
  }

  /** Of an engine that takes no packed batches. */
  public Features(
      Set<String> layers, Set<String> slots, Set<Device.Kind> devices, boolean deterministic) {
    this(layers, slots, devices, deterministic, Set.of());
  }
}
