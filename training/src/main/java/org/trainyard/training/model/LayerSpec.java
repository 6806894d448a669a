package org.trainyard.training.model;

import java.io.Serializable;

/** One layer. New kinds are new records here; an engine says in its features which it builds. */
public sealed interface LayerSpec extends Serializable {

  /** Unique in the model. */
  String name();

  /** Name of the kind, as engines list it. */
  default String kind() {
    return getClass().getSimpleName();
  }

  /** Whether it ends a network: it alone knows a loss. */
  default boolean carriesLoss() {
    return false;
  }

  /** Activation functions. */
  enum Activation {
    /** x. */
    IDENTITY,
    /** max(0, x). */
    RELU,
    /** tanh x. */
    TANH
  }

  /** Token ids {@code [n, t]} to vectors {@code [n, t, width]}. */
  record Embedding(String name, int vocabulary, int width) implements LayerSpec {}

  /** A recurrent layer, {@code [n, t, in]} to {@code [n, t, width]}. */
  record Lstm(String name, int width) implements LayerSpec {}

  /** Convolution over time with zero padding, {@code [n, t, in]} to {@code [n, t, filters]}. */
  record Convolution1d(String name, int filters, int kernel, Activation activation)
      implements LayerSpec {}

  /** Convolution over an image, without padding, stride 1. */
  record Convolution2d(String name, int filters, int kernel, Activation activation)
      implements LayerSpec {}

  /** Largest value of each {@code size × size} square. */
  record MaxPool2d(String name, int size) implements LayerSpec {}

  /** Largest (or mean) value over time, padding left out: {@code [n, t, in]} to {@code [n, in]}. */
  record PoolOverTime(String name, boolean largest) implements LayerSpec {}

  /** A fully connected layer; flattens images. */
  record Dense(String name, int width, Activation activation) implements LayerSpec {}

  /**
   * A graph convolution: each node takes the mean over itself and its neighbours, {@code [m, in]},
   * through a fully connected layer to {@code [m, width]}.
   */
  record GraphConvolution(String name, int width, Activation activation) implements LayerSpec {}

  /**
   * Drops values at random in training.
   *
   * @param rate share that is dropped, 0 to 1
   */
  record Dropout(String name, double rate) implements LayerSpec {}

  /** Softmax with cross-entropy over classes of whole examples: target INT32 {@code [n]}. */
  record Classes(String name, int classes) implements LayerSpec {
    @Override
    public boolean carriesLoss() {
      return true;
    }
  }

  /** Softmax with cross-entropy at each unit: target INT32 {@code [n, t]}. */
  record Tokens(String name, int vocabulary) implements LayerSpec {
    @Override
    public boolean carriesLoss() {
      return true;
    }
  }

  /**
   * A linear projection with squared error, averaged over the values of an example: target FLOAT32
   * {@code [n, width]}.
   */
  record Values(String name, int width) implements LayerSpec {
    @Override
    public boolean carriesLoss() {
      return true;
    }
  }
}
