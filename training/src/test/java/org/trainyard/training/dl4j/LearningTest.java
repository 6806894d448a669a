package org.trainyard.training.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.technique.Techniques;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;
import org.trainyard.training.model.ModelSpec;
import org.trainyard.training.optimize.Clipping;
import org.trainyard.training.optimize.PlainStep;
import org.trainyard.training.optimize.StepRule;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

@DisplayName("Learning by heart")
class LearningTest {
  @Test
  void aLanguageModel() {
    learns(Examples.LANGUAGE_MODEL, Examples.sequences(7, 7), 400);
  }

  @Test
  void aTextClassifier() {
    learns(Examples.CLASSIFIER, Examples.labelled(9, 9, 3, 4, 7), 100);
  }

  @Test
  void anImageClassifier() {
    learns(Examples.CNN, Examples.values(6, 2, 8, 9), 100);
  }

  @Test
  void aFeatureClassifier() {
    learns(Examples.MLP, Examples.values(8, 6), 200);
  }

  private static void learns(ModelSpec model, Batch batch, int steps) {
    UpdateRuleTechnique<?> adam = Techniques.of(UpdateRuleTechnique.class).named("adam", "rule");
    UpdateRule rule = Techniques.create(adam, JsonNodeFactory.instance.objectNode(), "rule.adam");
    StepRule plain = new PlainStep(rule, new Clipping(5));
    try (Replica replica = Examples.open(model, 1)) {
      Parameters weights = Parameters.zeros(replica.layout());
      replica.store(weights);
      List<Parameters> state = plain.freshState(replica.layout());
      StepRule.Stepper stepper = plain.open(replica.layout());
      double first = perUnit(replica.lossAndGradient(batch, Mode.EVALUATE, weights.copy()));
      for (int step = 1; step <= steps; step++) {
        long seed = step;
        stepper.step(
            weights,
            state,
            step,
            0.03,
            (at, gradient) -> {
              replica.load(at);
              return replica.lossAndGradient(batch, Mode.train(seed), gradient);
            });
      }
      replica.load(weights);
      double last = perUnit(replica.lossAndGradient(batch, Mode.EVALUATE, weights.copy()));
      Scores scores = replica.score(batch);
      assertThat(last).isLessThan(0.1 * first);
      assertThat(scores.hits()).isEqualTo(scores.units());
    }
  }

  private static double perUnit(GradientSum sum) {
    return sum.loss() / sum.weight();
  }
}
