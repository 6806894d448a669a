package org.trainyard.training.model;

import java.util.List;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.config.Check;

/** What models ask of the data, with errors that say which model fits instead. */
final class Needs {
  private static final String KEY = "model";

  private Needs() {}

  static void tokens(String model, DataFacts facts) {
    Check.require(
        facts.vocabulary() > 0,
        KEY,
        "%s reads tokens, but the batches hold examples of shape %s; take cnn for images or mlp for"
            + " features",
        model,
        facts.shape());
  }

  static void tokenTargets(String model, DataFacts facts) {
    Check.require(
        facts.classes() == 0,
        KEY,
        "%s predicts tokens, but the batches have %d classes as targets; take byte-classifier, or"
            + " plan the batches without labels",
        model,
        facts.classes());
  }

  static void classes(String model, DataFacts facts) {
    Check.require(
        facts.classes() > 1,
        KEY,
        "%s needs at least 2 classes as targets, but the batches have %d; give labels to the step"
            + " that encodes them",
        model,
        facts.classes());
  }

  static void images(String model, DataFacts facts) {
    Check.require(
        facts.vocabulary() == 0 && facts.shape().size() == 3,
        KEY,
        "%s reads images [channels, height, width], but the batches hold %s",
        model,
        described(facts));
  }

  static void features(String model, DataFacts facts) {
    Check.require(
        facts.vocabulary() == 0 && facts.shape().size() == 1,
        KEY,
        "%s reads features [width] or images [channels, height, width], but the batches hold %s",
        model,
        described(facts));
  }

  static void positive(List<Integer> sizes, String key) {
    for (int size : sizes) {
      Check.require(size > 0, key, "must all be at least 1, but one is %d", size);
    }
  }

  static void dropout(List<LayerSpec> layers, double rate) {
    if (rate > 0) {
      layers.add(new LayerSpec.Dropout("dropout-" + layers.size(), rate));
    }
  }

  private static String described(DataFacts facts) {
    return facts.vocabulary() > 0
        ? "tokens; take byte-classifier or lstm-language-model"
        : "examples of shape " + facts.shape();
  }
}
