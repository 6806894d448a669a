package org.trainyard.training.dl4j;

import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.model.LayerSpec;

/** Makes the kernels of layers. */
final class Kernels {
  private Kernels() {}

  static Kernel of(ModelPlan.Step step) {
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Embedding embedding) {
      return new EmbeddingKernel(embedding.vocabulary(), embedding.width());
    }
    if (layer instanceof LayerSpec.Lstm lstm) {
      return new LstmKernel(lstm.width());
    }
    if (layer instanceof LayerSpec.Convolution1d convolution) {
      return new Convolution1dKernel(
          ((Shape.Sequence) step.in()).width(),
          convolution.filters(),
          convolution.kernel(),
          convolution.activation());
    }
    if (layer instanceof LayerSpec.PoolOverTime pool) {
      return new PoolKernel(pool.largest());
    }
    if (layer instanceof LayerSpec.Dense dense) {
      return new DenseKernel(dense.width(), dense.activation());
    }
    if (layer instanceof LayerSpec.Dropout dropout) {
      return new DropoutKernel(dropout.rate(), dropout.name());
    }
    if (layer instanceof LayerSpec.Classes classes) {
      return new SoftmaxKernel(classes.classes(), false);
    }
    if (layer instanceof LayerSpec.Tokens tokens) {
      return new SoftmaxKernel(tokens.vocabulary(), true);
    }
    if (layer instanceof LayerSpec.Values values) {
      return new SquaredErrorKernel(values.width());
    }
    throw new IllegalStateException("No kernel for layers of kind " + layer.kind());
  }
}
