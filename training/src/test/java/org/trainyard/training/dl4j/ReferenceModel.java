package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Shape;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.LayerSpec.Activation;
import org.trainyard.training.model.ModelSpec;

/**
 * What the layers mean, in double precision and in the plainest loops: one example at a time,
 * without its padding. Gradients by central differences, good to about eight digits.
 */
final class ReferenceModel {
  private final ModelSpec model;
  private final ModelPlan plan;
  private final Map<String, double[]> values = new HashMap<>();

  ReferenceModel(ModelSpec model, Parameters parameters) {
    this.model = model;
    this.plan = ModelPlan.of(model);
    List<Slice> slices = plan.layout().slices();
    for (int i = 0; i < slices.size(); i++) {
      double[] slice = new double[slices.get(i).length()];
      for (int j = 0; j < slice.length; j++) {
        slice[j] = parameters.slice(i)[j];
      }
      values.put(slices.get(i).name(), slice);
    }
  }

  /** Weighted sum of the loss. */
  double loss(Batch batch) {
    double loss = 0;
    for (int example = 0; example < batch.size(); example++) {
      loss += batch.weights()[example] * loss(batch, example);
    }
    return loss;
  }

  /** Its derivative by every parameter, slice by slice. */
  double[][] gradient(Batch batch) {
    List<Slice> slices = plan.layout().slices();
    double[][] gradient = new double[slices.size()][];
    for (int i = 0; i < gradient.length; i++) {
      double[] slice = values.get(slices.get(i).name());
      gradient[i] = new double[slice.length];
      for (int j = 0; j < slice.length; j++) {
        double kept = slice[j];
        double step = 1e-5;
        slice[j] = kept + step;
        double above = loss(batch);
        slice[j] = kept - step;
        gradient[i][j] = (above - loss(batch)) / (2 * step);
        slice[j] = kept;
      }
    }
    return gradient;
  }

  private double loss(Batch batch, int example) {
    double[][] rows = input(batch, example);
    for (ModelPlan.Step step : plan.steps()) {
      if (step.layer() instanceof LayerSpec.Values last) {
        double[] predicted = affine(last.name(), rows, Activation.IDENTITY)[0];
        double sum = 0;
        for (int j = 0; j < predicted.length; j++) {
          double target = batch.tensor(Batch.TARGET).floats().get(example * predicted.length + j);
          sum += (predicted[j] - target) * (predicted[j] - target);
        }
        return sum / predicted.length;
      }
      if (step.layer() instanceof LayerSpec.Tokens || step.layer() instanceof LayerSpec.Classes) {
        double[][] logits = affine(step.layer().name(), rows, Activation.IDENTITY);
        return crossEntropy(logits, targets(batch, example));
      }
      rows = apply(step, rows);
    }
    throw new IllegalStateException("no loss");
  }

  private double[][] apply(ModelPlan.Step step, double[][] rows) {
    LayerSpec layer = step.layer();
    if (layer instanceof LayerSpec.Embedding embedding) {
      return embed(embedding, rows);
    } else if (layer instanceof LayerSpec.Lstm lstm) {
      return lstm(lstm, rows);
    } else if (layer instanceof LayerSpec.Convolution1d convolution) {
      return convolve(convolution, rows);
    } else if (layer instanceof LayerSpec.Convolution2d convolution) {
      return convolve(convolution, (Shape.Image) step.in(), (Shape.Image) step.out(), rows[0]);
    } else if (layer instanceof LayerSpec.MaxPool2d pool) {
      return pool(pool, (Shape.Image) step.in(), (Shape.Image) step.out(), rows[0]);
    } else if (layer instanceof LayerSpec.PoolOverTime pool) {
      return pool(pool, rows);
    } else if (layer instanceof LayerSpec.Dense dense) {
      return affine(dense.name(), rows, dense.activation());
    }
    return rows;
  }

  /** Real units of an example, one row each: the id of a token, or all values. */
  private double[][] input(Batch batch, int example) {
    if (model.input().kind() == InputSpec.Kind.TOKENS) {
      return units(batch, example).stream()
          .map(at -> new double[] {batch.tensor(Batch.INPUT).ints().get(at)})
          .toArray(double[][]::new);
    }
    int length = batch.tensor(Batch.INPUT).elements() / batch.size();
    double[] row = new double[length];
    for (int j = 0; j < length; j++) {
      row[j] = batch.tensor(Batch.INPUT).floats().get(example * length + j);
    }
    return new double[][] {row};
  }

  private int[] targets(Batch batch, int example) {
    int[] shape = batch.tensor(Batch.TARGET).shape();
    if (shape.length == 1) {
      return new int[] {batch.tensor(Batch.TARGET).ints().get(example)};
    }
    return units(batch, example).stream()
        .mapToInt(at -> batch.tensor(Batch.TARGET).ints().get(at))
        .toArray();
  }

  /** Where the real units of an example lie. */
  private static List<Integer> units(Batch batch, int example) {
    int steps = batch.tensor(Batch.INPUT).shape()[1];
    List<Integer> units = new ArrayList<>();
    int seen = -1;
    int before = 0;
    for (int at = 0; at < batch.rows() * steps; at++) {
      int segment = batch.packed() ? batch.tensor(Batch.SEGMENT).ints().get(at) : 1;
      if (at % steps == 0 || (segment != 0 && segment != before)) {
        seen++;
      }
      before = segment;
      boolean real = !batch.has(Batch.MASK) || batch.tensor(Batch.MASK).bytes()[at] != 0;
      if (seen == example && real) {
        units.add(at);
      }
    }
    return units;
  }

  private double[][] embed(LayerSpec.Embedding layer, double[][] rows) {
    double[] table = values.get(layer.name() + ".weight");
    double[][] out = new double[rows.length][layer.width()];
    for (int t = 0; t < rows.length; t++) {
      System.arraycopy(table, (int) rows[t][0] * layer.width(), out[t], 0, layer.width());
    }
    return out;
  }

  private double[][] lstm(LayerSpec.Lstm layer, double[][] rows) {
    int width = layer.width();
    double[] inputWeight = values.get(layer.name() + ".input-weight");
    double[] recurrentWeight = values.get(layer.name() + ".recurrent-weight");
    double[] bias = values.get(layer.name() + ".bias");
    double[] hidden = new double[width];
    double[] cells = new double[width];
    double[][] out = new double[rows.length][width];
    for (int t = 0; t < rows.length; t++) {
      double[] gates = new double[4 * width];
      for (int j = 0; j < gates.length; j++) {
        gates[j] = bias[j] + dot(inputWeight, j, rows[t]) + dot(recurrentWeight, j, hidden);
      }
      for (int j = 0; j < width; j++) {
        double forget = sigmoid(gates[width + j]);
        double added = sigmoid(gates[j]) * Math.tanh(gates[2 * width + j]);
        cells[j] = forget * cells[j] + added;
        out[t][j] = sigmoid(gates[3 * width + j]) * Math.tanh(cells[j]);
      }
      hidden = out[t];
    }
    return out;
  }

  private double[][] convolve(LayerSpec.Convolution1d layer, double[][] rows) {
    double[] weight = values.get(layer.name() + ".weight");
    double[] bias = values.get(layer.name() + ".bias");
    double[][] out = new double[rows.length][layer.filters()];
    for (int t = 0; t < rows.length; t++) {
      for (int f = 0; f < layer.filters(); f++) {
        double sum = bias[f];
        for (int k = 0; k < layer.kernel(); k++) {
          int from = t + k - (layer.kernel() - 1) / 2;
          if (from >= 0 && from < rows.length) {
            sum += dot(weight, f * layer.kernel() + k, rows[from]);
          }
        }
        out[t][f] = activate(layer.activation(), sum);
      }
    }
    return out;
  }

  private double[][] convolve(
      LayerSpec.Convolution2d layer, Shape.Image in, Shape.Image out, double[] image) {
    double[] weight = values.get(layer.name() + ".weight");
    double[] bias = values.get(layer.name() + ".bias");
    int size = layer.kernel();
    double[] result = new double[out.length()];
    for (int f = 0; f < out.channels(); f++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double sum = bias[f];
          for (int c = 0; c < in.channels(); c++) {
            for (int i = 0; i < size * size; i++) {
              int pixel = (c * in.height() + y + i / size) * in.width() + x + i % size;
              sum += weight[(f * in.channels() + c) * size * size + i] * image[pixel];
            }
          }
          result[(f * out.height() + y) * out.width() + x] = activate(layer.activation(), sum);
        }
      }
    }
    return new double[][] {result};
  }

  private static double[][] pool(
      LayerSpec.MaxPool2d layer, Shape.Image in, Shape.Image out, double[] image) {
    double[] result = new double[out.length()];
    for (int c = 0; c < out.channels(); c++) {
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          double largest = Double.NEGATIVE_INFINITY;
          for (int i = 0; i < layer.size() * layer.size(); i++) {
            int row = y * layer.size() + i / layer.size();
            int column = x * layer.size() + i % layer.size();
            largest = Math.max(largest, image[(c * in.height() + row) * in.width() + column]);
          }
          result[(c * out.height() + y) * out.width() + x] = largest;
        }
      }
    }
    return new double[][] {result};
  }

  private static double[][] pool(LayerSpec.PoolOverTime layer, double[][] rows) {
    double[] out = new double[rows[0].length];
    for (int j = 0; j < out.length; j++) {
      double largest = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (double[] row : rows) {
        largest = Math.max(largest, row[j]);
        sum += row[j];
      }
      out[j] = layer.largest() ? largest : sum / rows.length;
    }
    return new double[][] {out};
  }

  private double[][] affine(String name, double[][] rows, Activation activation) {
    double[] weight = values.get(name + ".weight");
    double[] bias = values.get(name + ".bias");
    double[][] out = new double[rows.length][bias.length];
    for (int t = 0; t < rows.length; t++) {
      for (int j = 0; j < bias.length; j++) {
        out[t][j] = activate(activation, bias[j] + dot(weight, j, rows[t]));
      }
    }
    return out;
  }

  private static double crossEntropy(double[][] logits, int[] targets) {
    double loss = 0;
    for (int t = 0; t < logits.length; t++) {
      double sum = 0;
      for (double logit : logits[t]) {
        sum += Math.exp(logit);
      }
      loss += Math.log(sum) - logits[t][targets[t]];
    }
    return loss;
  }

  private static double dot(double[] weight, int row, double[] values) {
    double sum = 0;
    for (int j = 0; j < values.length; j++) {
      sum += weight[row * values.length + j] * values[j];
    }
    return sum;
  }

  private static double activate(Activation function, double value) {
    return switch (function) {
      case IDENTITY -> value;
      case RELU -> Math.max(0, value);
      case TANH -> Math.tanh(value);
    };
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }
}
