package org.trainyard.training.dl4j;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.trainyard.pipeline.batch.Batch;

/**
 * Deeplearning4j's own Spark training, the yardstick of {@code trainyard bench rounds}: a network
 * with one hidden layer under {@link ParameterAveragingTrainingMaster}.
 */
public final class StockTraining implements AutoCloseable {
  private final JavaRDD<DataSet> data;
  private final SparkDl4jMultiLayer training;
  private final ParameterAveragingTrainingMaster master;
  private final JavaSparkContext spark;

  /**
   * What is trained and how.
   *
   * @param inputs features of an example
   * @param hidden width of the hidden layer
   * @param classes number of classes
   * @param rate of gradient descent
   * @param workers of the training master
   * @param averagingFrequency batches of a worker between two averages
   * @param batchSize examples of a batch
   * @param export whether batches go through files (the master's Export approach) or partitions
   *     (Direct)
   */
  public record Setup(
      int inputs,
      int hidden,
      int classes,
      double rate,
      int workers,
      int averagingFrequency,
      int batchSize,
      boolean export) {}

  /** Prepares training; the batches are cached in memory, as Deeplearning4j takes them. */
  public StockTraining(JavaSparkContext spark, Setup setup, List<Batch> batches) {
    this.spark = spark;
    List<DataSet> sets = new ArrayList<>();
    batches.forEach(batch -> sets.add(dataSet(batch, setup)));
    this.data = spark.parallelize(sets, setup.workers()).cache();
    data.count();
    this.master =
        new ParameterAveragingTrainingMaster.Builder(setup.workers(), setup.batchSize())
            .batchSizePerWorker(setup.batchSize())
            .averagingFrequency(setup.averagingFrequency())
            .storageLevel(null)
            .rddTrainingApproach(
                setup.export() ? RDDTrainingApproach.Export : RDDTrainingApproach.Direct)
            .build();
    this.training = new SparkDl4jMultiLayer(spark, configuration(setup), master);
  }

  private static MultiLayerConfiguration configuration(Setup setup) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .dataType(DataType.FLOAT)
        .weightInit(WeightInit.XAVIER)
        .updater(new Sgd(setup.rate()))
        .list()
        .layer(
            new DenseLayer.Builder()
                .nIn(setup.inputs())
                .nOut(setup.hidden())
                .activation(Activation.RELU)
                .build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(setup.hidden())
                .nOut(setup.classes())
                .activation(Activation.SOFTMAX)
                .build())
        .build();
  }

  private static DataSet dataSet(Batch batch, Setup setup) {
    float[] features = new float[batch.size() * setup.inputs()];
    batch.tensor(Batch.INPUT).floats().get(features);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, batch.size(), setup.classes());
    for (int i = 0; i < batch.size(); i++) {
      labels.putScalar(i, batch.tensor(Batch.TARGET).ints().get(i), 1);
    }
    return new DataSet(
        Nd4j.createFromArray(features).reshape(batch.size(), setup.inputs()), labels);
  }

  /** Trains over all batches once. */
  public void epoch() {
    training.fit(data);
  }

  /** Mean loss over the examples that were trained on, in nats. */
  public double loss() {
    return training.calculateScore(data, true);
  }

  @Override
  public void close() {
    master.deleteTempFiles(spark);
    data.unpersist();
  }
}
