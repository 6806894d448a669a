package org.trainyard.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.batch.DataFacts;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.training.engine.EngineTechnique;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Slice;
import org.trainyard.training.model.InputSpec;
import org.trainyard.training.model.LayerSpec;
import org.trainyard.training.model.ModelSpec;

@DisplayName("A trained model")
class TrainedModelTest {
  private static final TrainedModel MODEL =
      new TrainedModel(
          new Choice<>(EngineTechnique.class.getName(), "some-engine", "{}"),
          new ModelSpec(
              new InputSpec(InputSpec.Kind.TOKENS, List.of(0), 9),
              List.of(
                  new LayerSpec.Embedding("in", 9, 2),
                  new LayerSpec.Convolution1d("conv", 2, 3, LayerSpec.Activation.RELU),
                  new LayerSpec.PoolOverTime("pool", true),
                  new LayerSpec.Dropout("drop", 0.25),
                  new LayerSpec.Classes("out", 3))),
          new DataFacts(9, 3, 2, List.of(17), "0123456789abcdef"),
          new Layout(
              List.of(
                  new Slice("in.weight", 0, new int[] {1, 2}, Slice.Kind.WEIGHT, "in"),
                  new Slice("out.bias", 2, new int[] {1}, Slice.Kind.BIAS, "out"))),
          Parameters.of(new float[] {1, 2}, new float[] {3}));

  private final Storage storage = new Storage(new Configuration());
  @TempDir private java.nio.file.Path folder;

  @Test
  void isReadBackAsItWasWritten() {
    Path path = new Path(folder.toUri());
    MODEL.write(storage, path);
    assertThat(TrainedModel.read(storage, path)).isEqualTo(MODEL);
  }

  @Test
  void saysWhichFileIsMissingOrBroken() throws IOException {
    Path path = new Path(folder.toUri());
    assertThatThrownBy(() -> TrainedModel.read(storage, path))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.json: does not exist");
    MODEL.write(storage, path);
    Files.delete(folder.resolve(".model.json.crc"));
    java.nio.file.Path description = folder.resolve(TrainedModel.DESCRIPTION);
    String text = Files.readString(description);
    Files.writeString(description, text.replace("Convolution1d", "Quantum"));
    assertThatThrownBy(() -> TrainedModel.read(storage, path))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("layer kind 'Quantum' is unknown");
    Files.writeString(description, text.substring(0, 50));
    assertThatThrownBy(() -> TrainedModel.read(storage, path))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("not a model description");
  }
}
