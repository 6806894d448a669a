package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.trainyard.training.engine.FiniteCheck;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;

/**
 * A network's flat parameters and gradients, slice by slice in the layout's order. Every slice has
 * the same row-major form on both sides, so each is one copy.
 */
final class FlatMemory {
  /** Values that stay in the first cache from one look to the next. */
  private static final int PIECE = 4096;

  private final Layout layout;
  private final List<Matrix> parameters = new ArrayList<>();
  private final List<Matrix> gradients = new ArrayList<>();

  FlatMemory(MultiLayerNetwork network, ModelPlan plan) {
    this.layout = plan.layout();
    INDArray allGradients = network.getGradientsViewArray();
    Matrix flatGradient = Matrix.of(allGradients, 1, Math.toIntExact(allGradients.length()));
    for (Slice slice : layout.slices()) {
      int index = plan.index(slice);
      String key = Networks.key(plan.steps().get(index).layer(), slice);
      INDArray parameter = network.getLayer(index).getParam(key);
      parameters.add(Matrix.of(parameter, 1, slice.length()));
      gradients.add(flatGradient.piece(parameter.offset(), slice.length()));
    }
  }

  Layout layout() {
    return layout;
  }

  void load(Parameters from) {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).write(0, from.slice(i), 0);
    }
  }

  void store(Parameters into) {
    for (int i = 0; i < parameters.size(); i++) {
      parameters.get(i).read(0, into.slice(i), 0);
    }
  }

  /**
   * Hands out the gradients; those of groups that are not trained are zero.
   *
   * @return whether all are finite
   */
  boolean storeGradient(Parameters into, Set<String> trainableGroups) {
    FiniteCheck check = new FiniteCheck();
    for (int i = 0; i < gradients.size(); i++) {
      String group = layout.slices().get(i).group();
      float[] slice = into.slice(i);
      if (trainableGroups.isEmpty() || trainableGroups.contains(group)) {
        for (int from = 0; from < slice.length; from += PIECE) {
          int to = Math.min(from + PIECE, slice.length);
          gradients.get(i).readPiece(from, to - from, slice);
          check.see(slice, from, to);
        }
      } else {
        Arrays.fill(slice, 0);
      }
    }
    return check.passed();
  }

  void clearGradient() {
    gradients.forEach(Matrix::clear);
  }
}
