package org.trainyard.dataprep.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.technique.Card;

/** The next token, at each place. */
@Card(
    name = "language-model",
    what = "Each unit's target is the next token; the first input is the begin token.",
    how =
        "Fields: input INT32 [r, t], target INT32 [r, t], mask UINT8 [r, t], bytes INT32 [n];"
            + " packed also segment INT32 [r, t] and position INT32 [r, t]. All tokens of an"
            + " example are targets, so its bytes are those of the loss.")
public final class LanguageModelBatches
    implements BatchKindTechnique<LanguageModelBatches.Settings> {

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
          .add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType));
    }

    @Override
    public int bytesPerUnit(boolean packed) {
      return 4 + 4 + 1 + (packed ? 4 + 4 : 0);
    }

    @Override
    public boolean packs() {
      return true;
    }

    @Override
    public List<Tensor> tensors(Frame frame, List<Placed> examples) {
      TokenTensors tensors = new TokenTensors(frame, examples);
      List<Tensor> fields =
          new ArrayList<>(
              List.of(
                  tensors.tokens(Batch.INPUT, 1),
                  tensors.tokens(Batch.TARGET, 0),
                  tensors.mask(),
                  tensors.bytes()));
      if (frame.packed()) {
        fields.add(tensors.segments());
        fields.add(tensors.positions());
      }
      return fields;
    }
  }
}
