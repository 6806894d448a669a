package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.engine.Engines;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.model.ModelSpec;

/**
 * A Deeplearning4j network. Its updater, its mean over the batch and its random numbers play no
 * part: losses and gradients are sums, and what is dropped follows from the seed of the pass.
 *
 * <p>Computes in single precision, where a loss scale changes nothing and is left out.
 */
final class Dl4jReplica implements Replica {
  private final Engine engine;
  private final ModelSpec model;
  private final ModelPlan plan;
  private final MultiLayerNetwork network;
  private final Frame frame = new Frame();
  private final Inputs inputs;
  private final FlatMemory memory;
  private final Workspaces workspaces;
  private final List<HostedLayer> hosted = new ArrayList<>();

  Dl4jReplica(Engine engine, ModelSpec model, ModelPlan plan, long seed) {
    this.engine = engine;
    this.model = model;
    this.plan = plan;
    this.network = Networks.build(plan);
    this.inputs = new Inputs(model.input(), frame);
    this.memory = new FlatMemory(network, plan);
    this.workspaces = new Workspaces(Networks.stock(plan));
    for (Layer layer : network.getLayers()) {
      if (layer instanceof HostedLayer ours) {
        ours.attach(frame);
        hosted.add(ours);
      }
    }
    load(plan.firstParameters(seed));
  }

  @Override
  public Layout layout() {
    return memory.layout();
  }

  @Override
  public void load(Parameters from) {
    memory.load(from);
  }

  @Override
  public void store(Parameters into) {
    memory.store(into);
  }

  @Override
  public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
    if (nothing(batch)) {
      for (int i = 0; i < gradient.count(); i++) {
        Arrays.fill(gradient.slice(i), 0);
      }
      return GradientSum.NONE;
    }
    INDArray input = start(batch, mode);
    frame.inputGradient(false);
    double loss = workspaces.within(arrays -> thereAndBack(input, arrays));
    boolean finite = memory.storeGradient(gradient, mode.trainableGroups());
    return new GradientSum(
        loss, output().weight(), Collections.emptySortedMap(), finite && Double.isFinite(loss));
  }

  /** Layer by layer, without what the network does around that: a tenth of a small step. */
  private double thereAndBack(INDArray input, LayerWorkspaceMgr arrays) {
    Layer[] layers = network.getLayers();
    output().setInput(features(input, true, arrays), arrays);
    INDArray epsilon = output().backpropGradient(null, arrays).getSecond();
    for (int i = layers.length - 2; i >= 0; i--) {
      epsilon = layers[i].backpropGradient(epsilon, arrays).getSecond();
    }
    return output().computeScore(0, true, arrays);
  }

  /** What goes into the last layer. */
  private INDArray features(INDArray input, boolean training, LayerWorkspaceMgr arrays) {
    INDArray features = input;
    Layer[] layers = network.getLayers();
    for (int i = 0; i < layers.length - 1; i++) {
      features = layers[i].activate(features, training, arrays);
    }
    return features;
  }

  @Override
  public Pass forward(Batch batch, Mode mode) {
    INDArray input = start(batch, mode);
    return new NetworkPass(network, plan, frame, memory, workspaces, input, mode);
  }

  @Override
  public Scores score(Batch batch) {
    if (nothing(batch)) {
      int n = batch.size();
      int[] predicted = new int[n];
      Arrays.fill(predicted, -1);
      return new Scores(new double[n], new long[n], new long[n], predicted);
    }
    INDArray input = start(batch, Mode.EVALUATE);
    return workspaces.within(arrays -> score(input, arrays));
  }

  private Scores score(INDArray input, LayerWorkspaceMgr arrays) {
    return output().score(features(input, false, arrays), arrays);
  }

  /** Nothing is random but by the seed of a pass, so there is no state. */
  @Override
  public byte[] state() {
    return new byte[0];
  }

  @Override
  public void restore(byte[] state) {
    if (state.length != 0) {
      throw new IllegalArgumentException(
          "Deeplearning4j keeps no state between passes, but %d bytes were handed in"
              .formatted(state.length));
    }
  }

  @Override
  public void close() {
    hosted.forEach(HostedLayer::close);
    inputs.close();
    network.close();
    workspaces.close();
  }

  private INDArray start(Batch batch, Mode mode) {
    if (batch.packed()) {
      Engines.checkPacked(engine, model);
    }
    return inputs.start(batch, mode);
  }

  private HostedOutput output() {
    return (HostedOutput) network.getOutputLayer();
  }

  private static boolean nothing(Batch batch) {
    return batch.size() == 0 || batch.tensor(Batch.INPUT).elements() == 0;
  }
}
