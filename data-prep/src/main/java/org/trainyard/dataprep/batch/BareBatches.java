package org.trainyard.dataprep.batch;

import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.technique.Card;

/** No tensors: only who is in which batch. */
@Card(
    name = "none",
    what =
        "Plans batches without filling them: to compare planners, or to see what padding would"
            + " cost.",
    avoid = "Nothing can be trained on it.")
public final class BareBatches implements BatchKindTechnique<BareBatches.Settings> {

  /** It has none. */
  public record Settings() {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public BatchKind create(Settings settings) {
    return new Kind();
  }

  private record Kind() implements BatchKind {
    @Override
    public StructType reads() {
      return new StructType();
    }

    @Override
    public int bytesPerUnit(boolean packed) {
      return 1;
    }

    @Override
    public boolean packs() {
      return true;
    }

    @Override
    public List<Tensor> tensors(Frame frame, List<Placed> examples) {
      return List.of();
    }
  }
}
