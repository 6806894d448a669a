package org.trainyard.evaluation.testing;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.training.checkpoint.TrainedModel;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

/** A model for tests: the same prediction everywhere. */
@Card(name = "test-model", what = "Makes a model of one vector of logits.")
public final class TestModel implements JobTechnique<TestModel.Settings> {

  /** What can be set. */
  public record Settings(
      @Setting(help = "Whole examples have one target each.", standard = "false") boolean classes,
      @Setting(help = "Logit of the value 0; all others are 0.", standard = "0") double zero,
      @Setting(help = "Digest of the tokenizer.", standard = "") String tokenizer) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new Job() {
      @Override
      public List<Port> inputs() {
        return List.of(Port.table("numbers", new StructType().add("number", DataTypes.LongType)));
      }

      @Override
      public List<Port> outputs() {
        return List.of(Port.artifact("model"));
      }

      @Override
      public void run(JobContext context) {
        int values = TestBatches.VALUES;
        LayerSpec last =
            settings.classes()
                ? new LayerSpec.Classes("out", values)
                : new LayerSpec.Tokens("out", values);
        InputSpec input = new InputSpec(InputSpec.Kind.TOKENS, List.of(0), values);
        ModelSpec spec = new ModelSpec(input, List.of(last));
        Layout layout = FrequencyEngine.layout(spec);
        float[] logits = new float[values];
        logits[0] = (float) settings.zero();
        new TrainedModel(
                new Choice<>(EngineTechnique.class.getName(), "test-frequencies", "{}"),
                spec,
                new DataFacts(
                    values, settings.classes() ? values : 0, 0, List.of(5), settings.tokenizer()),
                layout,
                Parameters.of(logits))
            .write(
                new Storage(context.spark().sparkContext().hadoopConfiguration()),
                context.folder("model"));
      }
    };
  }
}
