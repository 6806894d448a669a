package org.trainyard.dataprep.batch;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.pipeline.record.DataException;
import org.trainyard.pipeline.technique.Card;

/** Vectors, and vectors to be predicted from them. */
@Card(
    name = "values",
    what = "An example's input is its features, its target its values: for regression.",
    how =
        """
        Reads the columns features and values, arrays of floats of one length each; the column of the length is \
        1 for every row, so a budget of 64 is 64 examples. Fields: input FLOAT32 [n, features], target FLOAT32 \
        [n, values].""",
    avoid = "Scale both to about ±1 beforehand: nothing is normalised here.")
public final class ValueBatches implements BatchKindTechnique<ValueBatches.Settings> {
  /** Column of what the model sees. */
  public static final String FEATURES = "features";

  /** Column of what it should predict. */
  public static final String VALUES = "values";

  /** A guess: widths are known only when the rows are read. */
  private static final int BYTES = 256;

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
          .add(FEATURES, DataTypes.createArrayType(DataTypes.FloatType))
          .add(VALUES, DataTypes.createArrayType(DataTypes.FloatType));
    }

    @Override
    public int bytesPerUnit(boolean packed) {
      return BYTES;
    }

    @Override
    public List<Tensor> tensors(Frame frame, List<Placed> examples) {
      return List.of(
          tensor(Batch.INPUT, FEATURES, examples), tensor(Batch.TARGET, VALUES, examples));
    }

    private static Tensor tensor(String field, String column, List<Placed> examples) {
      int width = values(examples.get(0), column).size();
      float[] all = new float[Math.multiplyExact(examples.size(), width)];
      int at = 0;
      for (Placed example : examples) {
        List<Float> values = values(example, column);
        if (values.size() != width) {
          throw new DataException(
              "column '%s' has arrays of %d and of %d values; give all rows the same number"
                  .formatted(column, width, values.size()));
        }
        for (float value : values) {
          all[at++] = value;
        }
      }
      return Tensor.ofFloats(field, new int[] {examples.size(), width}, all);
    }

    private static List<Float> values(Placed example, String column) {
      return example.columns().getList(example.columns().fieldIndex(column));
    }
  }
}
