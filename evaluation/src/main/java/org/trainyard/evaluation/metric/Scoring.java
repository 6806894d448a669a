package org.trainyard.evaluation.metric;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.pipeline.batch.Tensor;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;

/** Scores batches with replicas of one model: one row for each example. */
final class Scoring {
  static final String EXAMPLE = "example_id";
  static final String UNITS = "units";
  static final String GROUP = "group_id";
  static final String BYTES = "bytes";
  static final String NATS = "nats";
  static final String HITS = "hits";
  static final String LABEL = "label";
  static final String PREDICTED = "predicted";

  private static final String GPU = "gpu";

  /** One row for each example; label and predicted are null where targets are tokens. */
  static final StructType SCHEMA =
      new StructType()
          .add(EXAMPLE, DataTypes.LongType, false)
          .add(GROUP, DataTypes.LongType, false)
          .add(UNITS, DataTypes.LongType, false)
          .add(BYTES, DataTypes.LongType, false)
          .add(NATS, DataTypes.DoubleType, false)
          .add(HITS, DataTypes.LongType, false)
          .add(LABEL, DataTypes.IntegerType, true)
          .add(PREDICTED, DataTypes.IntegerType, true);

  private Scoring() {}

  /**
   * Plans the scoring: one replica for each task, closed with it.
   *
   * @param batches rows of a batch table; dealt out anew, as a small table lies in one file
   * @param model broadcast once to each executor
   */
  static Dataset<Row> score(
      Dataset<Row> batches, BatchReader reader, Broadcast<ScoringModel> model) {
    int tasks = batches.sparkSession().sparkContext().defaultParallelism();
    MapPartitionsFunction<Row, Row> score =
        rows -> {
          if (!rows.hasNext()) {
            return List.<Row>of().iterator();
          }
          Replica replica = model.value().open(granted());
          TaskCompletionListener closing = context -> replica.close();
          TaskContext.get().addTaskCompletionListener(closing);
          return new ByExample(rows, reader, replica);
        };
    return batches.repartition(tasks).mapPartitions(score, Encoders.row(SCHEMA));
  }

  /** The graphics card that Spark granted this task, or the processor. */
  private static Device granted() {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    return resources.containsKey(GPU)
        ? new Device(Device.Kind.GPU, resources.get(GPU).addresses()[0])
        : Device.CPU;
  }

  private static final class ByExample implements Iterator<Row> {
    private final Iterator<Row> batches;
    private final BatchReader reader;
    private final Replica replica;
    private Iterator<Row> held = List.<Row>of().iterator();

    ByExample(Iterator<Row> batches, BatchReader reader, Replica replica) {
      this.batches = batches;
      this.reader = reader;
      this.replica = replica;
    }

    @Override
    public boolean hasNext() {
      while (!held.hasNext() && batches.hasNext()) {
        Batch batch = reader.read(batches.next());
        held = rows(batch, replica.score(batch)).iterator();
      }
      return held.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return held.next();
    }
  }

  private static List<Row> rows(Batch batch, Scores scores) {
    List<Row> rows = new ArrayList<>(batch.size());
    Tensor target = batch.tensor(Batch.TARGET);
    boolean whole = target.shape().length == 1 && target.type() == Tensor.Type.INT32;
    for (int i = 0; i < batch.size(); i++) {
      Object[] cells = {
        batch.exampleIds()[i],
        batch.groupIds()[i],
        scores.units()[i],
        bytes(batch, i),
        scores.loss()[i],
        scores.hits()[i],
        whole ? target.ints().get(i) : null,
        whole ? scores.predicted()[i] : null
      };
      rows.add(RowFactory.create(cells));
    }
    return rows;
  }

  private static long bytes(Batch batch, int example) {
    if (!batch.has(Batch.BYTES)) {
      return 0;
    }
    IntBuffer bytes = batch.tensor(Batch.BYTES).ints();
    return bytes.get(example);
  }
}
