package org.trainyard.training.optimize;

import java.util.List;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;

/** An update rule over rounds: their mean change is its gradient, turned round. */
@Card(
    name = "outer-rule",
    what =
        "Takes the shards' mean change in a round for a gradient, and steps by a rule of its own.",
    how =
        """
        parameters -= rate * rule(start - mean), with state that lives on from round to round: momentum carries \
        over what many local steps (50 to 500) agreed on, so rounds can be rare. With adamw as the inner rule, \
        local-state: reset and eight-bit changes this is DiLoCo but for the inner state, which DiLoCo keeps.\
        """,
    avoid =
        "With few local steps the rule within the shards does the same, and momentum of both adds"
            + " up.",
    papers = {
      "DiLoCo: Distributed Low-Communication Training of Language Models (arXiv 2311.08105)",
      "Adaptive Federated Optimization (arXiv 2003.00295)"
    })
public final class OuterUpdate implements OuterTechnique<OuterUpdate.Settings> {

  /** Its settings. */
  public record Settings(
      @Setting(
              help = "Steps from round to round; its rate has no schedule.",
              standard = "{momentum: {learning-rate: 0.7, momentum: 0.9, nesterov: true}}",
              technique = UpdateRuleTechnique.class)
          Choice<UpdateRule> rule) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public OuterRule create(Settings settings) {
    return new Update(settings.rule().create());
  }

  private record Update(UpdateRule rule) implements OuterRule {
    private static final long serialVersionUID = 1;

    @Override
    public boolean takesChange() {
      return true;
    }

    @Override
    public List<Parameters> freshState(Layout layout) {
      return new Optimizer(layout, rule).freshState();
    }

    /** Running statistics are no descent: they take the mean as it is. */
    @Override
    public void step(
        Layout layout,
        Parameters parameters,
        Parameters change,
        List<Parameters> state,
        long round) {
      Optimizer.addToStatistics(layout, parameters, change);
      new Optimizer(layout, rule)
          .step(parameters, change.scale(-1), state, round, rule.learningRate());
    }
  }
}
