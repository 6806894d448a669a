package org.trainyard.training.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.trainyard.training.engine.Scores;

/**
 * The last layer of a network. Its targets stand in the frame, so that no one-hot labels are made.
 * Its score is a sum, not a mean.
 */
final class HostedOutput extends HostedLayer implements IOutputLayer {
  private static final long serialVersionUID = 1;
  private double loss;

  HostedOutput(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  private OutputKernel output() {
    return (OutputKernel) kernel();
  }

  /** Without a derivative from above, the loss and its gradient in one go. */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
    if (epsilon != null) {
      return super.backpropGradient(epsilon, workspaces);
    }
    Matrix in = inputMatrix(workspaces);
    Optional<INDArray> wanted = inputGradient(workspaces);
    loss =
        output()
            .lossAndGradient(frame(), in, wanted.map(array -> gradientMatrix(array, workspaces)));
    return new Pair<>(gradient(), wanted.orElse(null));
  }

  /** Weight of what the latest loss was summed over. */
  double weight() {
    return output().weight(frame());
  }

  /** Scores each example, given the input of this layer. */
  Scores score(INDArray features, LayerWorkspaceMgr workspaces) {
    setInput(features, workspaces);
    return output().score(frame(), inputMatrix(workspaces));
  }

  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    return loss;
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    throw new UnsupportedOperationException("Scores come from Replica.score");
  }

  @Override
  public boolean needsLabels() {
    return false;
  }

  @Override
  public void setLabels(INDArray labels) {
    // Targets stand in the frame.
  }

  @Override
  public INDArray getLabels() {
    throw new UnsupportedOperationException("Targets stand in the frame");
  }

  @Override
  public double f1Score(DataSet data) {
    throw unsupported();
  }

  @Override
  public double f1Score(INDArray examples, INDArray labels) {
    throw unsupported();
  }

  @Override
  public int numLabels() {
    throw unsupported();
  }

  @Override
  public void fit(DataSetIterator iterator) {
    throw unsupported();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw unsupported();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, INDArray labels) {
    throw unsupported();
  }

  @Override
  public void fit(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, int[] labels) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("A hosted layer is trained through its replica");
  }
}
