package org.trainyard.training.operate;

import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.engine.ModelPlan;
import org.trainyard.training.model.Model;
import org.trainyard.training.model.ModelTechnique;
import org.trainyard.training.operate.kernel.StepMemory;
import org.trainyard.training.optimize.UpdateRule;
import org.trainyard.training.optimize.UpdateRuleTechnique;

/** Finds out by counting what the layers hold. */
@Card(
    name = "training-estimate",
    what = "Counts what the layers of a model hold in a step of training, without running any.",
    how =
        "Needs neither native code nor memory, and takes no time. The count is within a quarter of"
            + " what a step takes off the heap, so leave a memory-fraction of 0.75 or less.",
    avoid = "Where training-step can run, it knows better.")
public final class StepEstimate implements MemoryProbeTechnique<StepEstimate.Config> {

  /** Settings of {@code training-estimate}. */
  public record Config(
      @Setting(help = "The network, as in the train step.", technique = ModelTechnique.class)
          Choice<Model> model,
      @Setting(
              help = "How weights follow from gradients.",
              standard = "adamw",
              technique = UpdateRuleTechnique.class)
          Choice<UpdateRule> rule) {}

  @Override
  public Class<Config> settings() {
    return Config.class;
  }

  @Override
  public MemoryProbe create(Config settings) {
    return new Probe(settings);
  }

  private record Probe(Config settings) implements MemoryProbe {

    @Override
    public String subject(Data data) {
      return TrialSubject.line(settings.model(), data)
          + " with %s, estimated".formatted(settings.rule());
    }

    @Override
    public Trials open(Data data, Memory limit) {
      ModelPlan plan = ModelPlan.of(TrialSubject.spec(settings.model(), data));
      StepMemory memory = new StepMemory(plan, settings.rule().create().stateLength(plan.layout()));
      return new Counted(memory, limit);
    }
  }

  private record Counted(StepMemory memory, MemoryProbe.Memory limit)
      implements MemoryProbe.Trials {

    @Override
    public Optional<MemoryProbe.Memory> run(List<MemoryProbe.Shape> shapes) {
      return shapes.stream()
          .map(shape -> memory.of(shape.rows(), shape.units()))
          .reduce(MemoryProbe.Memory::max)
          .filter(taken -> taken.within(limit));
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
