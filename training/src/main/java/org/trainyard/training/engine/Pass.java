package org.trainyard.training.engine;

import java.util.Map;
import org.trainyard.pipeline.batch.Tensor;

/** A forward pass that is still held by its replica, until the next one starts. */
public interface Pass {
  /** Name of the last layer's output: probabilities. */
  String OUTPUT = "output";

  /**
   * Outputs by layer name; the last layer's also as {@link #OUTPUT}. Sequences are {@code [n, t,
   * features]}, others {@code [n, features]}, FLOAT32.
   */
  Map<String, Tensor> outputs();

  /**
   * Goes back from any outputs.
   *
   * @param cotangents derivative of the loss by output name, in the outputs' shapes
   * @param gradient is overwritten with the gradient of the parameters
   * @return derivatives by the float inputs, by field name; empty if the input is of integers
   */
  Map<String, Tensor> backward(Map<String, Tensor> cotangents, Parameters gradient);
}
