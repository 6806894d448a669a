package org.trainyard.pipeline.stage;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a step asks of the columns of its input and does to them. The runner checks names and types
 * along the whole graph before any job starts.
 *
 * @param needs columns and types that must be present
 * @param adds columns that the step adds (or replaces, with a new type)
 * @param drops columns that the step takes away
 */
public record Columns(StructType needs, StructType adds, List<String> drops) {

  /** Nothing asked, nothing changed. */
  public static final Columns NONE = new Columns(new StructType(), new StructType(), List.of());

  /** Keeps its own copy of the list. */
  public Columns {
    drops = List.copyOf(drops);
  }

  /** The same, and text columns of these names are needed. */
  public Columns needsText(String... names) {
    StructType more = needs;
    for (String name : names) {
      more = more.add(name, DataTypes.StringType);
    }
    return new Columns(more, adds, drops);
  }

  /** The same, and this column is added. */
  public Columns adds(String name, org.apache.spark.sql.types.DataType type) {
    return new Columns(needs, adds.add(name, type), drops);
  }

  /** The same, and this column is taken away. */
  public Columns drops(String name) {
    return new Columns(
        needs,
        adds,
        java.util.stream.Stream.concat(drops.stream(), java.util.stream.Stream.of(name)).toList());
  }
}
