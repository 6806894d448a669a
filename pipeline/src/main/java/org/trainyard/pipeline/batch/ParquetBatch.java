package org.trainyard.pipeline.batch;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;

/** A batch as it lies in a Parquet file of a batch table. */
final class ParquetBatch {
  private ParquetBatch() {}

  static Batch of(Group row) {
    Group ids = row.getGroup(BatchTable.EXAMPLE_IDS, 0);
    Group groups = row.getGroup(BatchTable.GROUP_IDS, 0);
    Group weights = row.getGroup(BatchTable.WEIGHTS, 0);
    int size = ids.getFieldRepetitionCount(0);
    long[] exampleIds = new long[size];
    long[] groupIds = new long[size];
    float[] counts = new float[size];
    for (int at = 0; at < size; at++) {
      exampleIds[at] = ids.getGroup(0, at).getLong(0, 0);
      groupIds[at] = groups.getGroup(0, at).getLong(0, 0);
      counts[at] = weights.getGroup(0, at).getFloat(0, 0);
    }
    Group fields = row.getGroup(BatchTable.TENSORS, 0);
    List<Tensor> tensors = new ArrayList<>();
    for (int at = 0; at < fields.getFieldRepetitionCount(0); at++) {
      tensors.add(tensor(fields.getGroup(0, at).getGroup(0, 0)));
    }
    return new Batch(exampleIds, groupIds, counts, tensors);
  }

  private static Tensor tensor(Group field) {
    Group sizes = field.getGroup("shape", 0);
    int[] shape = new int[sizes.getFieldRepetitionCount(0)];
    for (int at = 0; at < shape.length; at++) {
      shape[at] = sizes.getGroup(0, at).getInteger(0, 0);
    }
    return new Tensor(
        field.getString("name", 0),
        Tensor.Type.valueOf(field.getString("type", 0)),
        shape,
        field.getBinary("bytes", 0).getBytes());
  }

  /** Memory that a batch takes, about. */
  static long bytes(Batch batch) {
    long bytes = 100 + 20L * batch.size();
    for (Tensor tensor : batch.tensors()) {
      bytes += 100 + tensor.bytes().length;
    }
    return bytes;
  }
}
