package org.trainyard.training.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trainyard.training.dl4j.Blas.Side;
import org.trainyard.training.model.LayerSpec.Activation;

/**
 * Convolution over time, as long as its input: zeros stand before and after each example and at its
 * padding. One matrix product for each place in the kernel, over the same memory moved on by a row:
 * no window is ever copied.
 */
final class Convolution1dKernel implements Kernel {
  private final int inputs;
  private final int filters;
  private final int kernel;
  private final int before;
  private final Activation activation;
  private final float[] biasValues;
  private final float[] row;
  private final float[] output;
  private final Scratch paddedMemory = new Scratch();
  private final Scratch productMemory = new Scratch();
  private final Scratch gradientMemory = new Scratch();
  private Matrix weight;
  private Matrix bias;
  private Matrix weightGradient;
  private Matrix biasGradient;
  private Matrix padded;

  Convolution1dKernel(int inputs, int filters, int kernel, Activation activation) {
    this.inputs = inputs;
    this.filters = filters;
    this.kernel = kernel;
    this.before = (kernel - 1) / 2;
    this.activation = activation;
    this.biasValues = new float[filters];
    this.row = new float[Math.max(inputs, filters)];
    this.output = new float[filters];
  }

  @Override
  public void bind(List<Matrix> parameters, List<Matrix> gradients) {
    weight = parameters.get(0);
    bias = parameters.get(1);
    weightGradient = gradients.get(0);
    biasGradient = gradients.get(1);
  }

  @Override
  public void forward(Frame frame, Matrix in, Matrix out) {
    padded = paddedMemory.matrix(frame.sequences() * span(frame), inputs).clear();
    for (int at = 0; at < frame.units(); at++) {
      if (frame.real(at)) {
        in.read(at, row, 0);
        padded.write(spanned(frame, at) + before, row, 0);
      }
    }
    Matrix product = productMemory.matrix(padded.rows(), filters);
    for (int k = 0; k < kernel; k++) {
      Blas.multiply(
          Side.PLAIN,
          Side.TRANSPOSED,
          windows(),
          filters,
          inputs,
          padded.at((long) k * inputs),
          inputs,
          weight.at((long) k * inputs),
          kernel * inputs,
          k == 0 ? 0 : 1,
          product.pointer(),
          filters);
    }
    bias.read(0, filters, biasValues);
    for (int at = 0; at < frame.units(); at++) {
      product.read(spanned(frame, at), row, 0);
      Activations.apply(activation, row, biasValues);
      out.write(at, row, 0);
    }
  }

  @Override
  public void backward(
      Frame frame, Matrix in, Matrix out, Matrix outGradient, Optional<Matrix> inGradient) {
    Matrix product = productMemory.matrix(padded.rows(), filters).clear();
    float[] biasSum = new float[filters];
    for (int at = 0; at < frame.units(); at++) {
      out.read(at, output, 0);
      outGradient.read(at, row, 0);
      Activations.back(activation, row, output, filters);
      product.write(spanned(frame, at), row, 0);
      for (int j = 0; j < filters; j++) {
        biasSum[j] += row[j];
      }
    }
    biasGradient.write(0, filters, biasSum);
    for (int k = 0; k < kernel; k++) {
      Blas.multiply(
          Side.TRANSPOSED,
          Side.PLAIN,
          filters,
          inputs,
          windows(),
          product.pointer(),
          filters,
          padded.at((long) k * inputs),
          inputs,
          0,
          weightGradient.at((long) k * inputs),
          kernel * inputs);
    }
    inGradient.ifPresent(wanted -> spread(frame, product, wanted));
  }

  private void spread(Frame frame, Matrix product, Matrix wanted) {
    Matrix gradient = gradientMemory.matrix(padded.rows(), inputs).clear();
    for (int k = 0; k < kernel; k++) {
      Blas.multiply(
          Side.PLAIN,
          Side.PLAIN,
          windows(),
          inputs,
          filters,
          product.pointer(),
          filters,
          weight.at((long) k * inputs),
          kernel * inputs,
          1,
          gradient.at((long) k * inputs),
          inputs);
    }
    for (int at = 0; at < frame.units(); at++) {
      if (frame.real(at)) {
        gradient.read(spanned(frame, at) + before, row, 0);
      } else {
        Arrays.fill(row, 0);
      }
      wanted.write(at, row, 0);
    }
  }

  /** Rows of an example with the zeros around it. */
  private int span(Frame frame) {
    return frame.steps() + kernel - 1;
  }

  /** First row of the window of a unit. */
  private int spanned(Frame frame, int at) {
    return at / frame.steps() * span(frame) + at % frame.steps();
  }

  /** Windows that lie in memory; those that reach from one example into the next are not used. */
  private int windows() {
    return padded.rows() - kernel + 1;
  }

  @Override
  public void close() {
    paddedMemory.close();
    productMemory.close();
    gradientMemory.close();
  }
}
