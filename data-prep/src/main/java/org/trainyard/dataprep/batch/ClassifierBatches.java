package org.trainyard.dataprep.batch;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.technique.Card;

/** One label for each example. */
@Card(
    name = "classifier",
    what = "An example's target is its label.",
    how = "Fields: input INT32 [n, t], target INT32 [n], mask UINT8 [n, t], bytes INT32 [n].")
public final class ClassifierBatches implements BatchKindTechnique<ClassifierBatches.Settings> {

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
      return new StructType()
          .add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
          .add(TokenTable.LABEL, DataTypes.IntegerType);
    }

    @Override
    public int bytesPerUnit(boolean packed) {
      return 4 + 1;
    }

    @Override
    public List<Tensor> tensors(Frame frame, List<Placed> examples) {
      TokenTensors tensors = new TokenTensors(frame, examples);
      return List.of(
          tensors.tokens(Batch.INPUT, 0), tensors.labels(), tensors.mask(), tensors.bytes());
    }
  }
}
