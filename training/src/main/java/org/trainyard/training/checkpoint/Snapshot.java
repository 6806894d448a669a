package org.trainyard.training.checkpoint;

/**
 * The parameters of one checkpoint, read slice by slice: memory holds one slice of one snapshot.
 */
public interface Snapshot {

  /** Epochs done when it was taken. */
  long epoch();

  /**
   * The values of a slice; the caller's own.
   *
   * @param index of the slice in the model's layout
   */
  float[] slice(int index);
}
