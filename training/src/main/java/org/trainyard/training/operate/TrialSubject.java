package org.trainyard.training.operate;

import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.Engine;
import org.trainyard.training.model.Model;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.UpdateRule;

/**
 * What is tried, in a form that goes to another JVM as a line of JSON.
 *
 * @param threads of native code
 */
record TrialSubject(
    Choice<Model> model,
    Choice<Engine> engine,
    Choice<UpdateRule> rule,
    MemoryProbe.Data data,
    int threads) {

  ModelSpec spec() {
    return spec(model, data);
  }

  /** The network for the data. */
  static ModelSpec spec(Choice<Model> model, MemoryProbe.Data data) {
    return model.create().spec(new DataFacts(data.vocabulary(), data.classes(), data.shape()));
  }

  /** The model and its data, in one line. */
  static String line(Choice<Model> model, MemoryProbe.Data data) {
    return "%s on %d tokens, %d classes, %s"
        .formatted(model, data.vocabulary(), data.classes(), data.shape());
  }
}
