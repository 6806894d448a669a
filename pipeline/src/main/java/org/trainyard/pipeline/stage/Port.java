package org.trainyard.pipeline.stage;

import org.apache.spark.sql.types.StructType;
import org.trainyard.pipeline.record.Output;

/**
 * A named input or output of a job.
 *
 * @param name lower-case, hyphenated
 * @param kind table or artifact
 * @param columns of a table: the columns needed (input) or promised (output); empty for an artifact
 *     or where it is not known before the run
 * @param optional whether the input may be left out; never true for an output
 */
public record Port(String name, Output.Kind kind, StructType columns, boolean optional) {

  /** A table with at least these columns. */
  public static Port table(String name, StructType columns) {
    return new Port(name, Output.Kind.TABLE, columns, false);
  }

  /** An artifact. */
  public static Port artifact(String name) {
    return new Port(name, Output.Kind.ARTIFACT, new StructType(), false);
  }

  /** The same port, which may be left unconnected. */
  public Port orNothing() {
    return new Port(name, kind, columns, true);
  }
}
