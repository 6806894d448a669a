package org.trainyard.pipeline.batch;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The two tables of a graph whose nodes are to be classified. Rows come in any order; an edge joins
 * its two ends whichever is written first, and one that is written twice, or joins a node with
 * itself, adds nothing.
 */
public final class GraphTables {
  /** Number of a node, unique, of any value. */
  public static final String NODE = "node";

  /** Features of a node, of one length for all. */
  public static final String FEATURES = "features";

  /** Class of a node, 0 to classes - 1. */
  public static final String LABEL = "label";

  /** {@value #TRAINING} or {@value #HELD_OUT}. */
  public static final String PART = "part";

  /** A node whose label may be learnt from. */
  public static final String TRAINING = "training";

  /** A node that is judged by. */
  public static final String HELD_OUT = "held-out";

  /** One end of an edge. */
  public static final String SOURCE = "source";

  /** The other end of an edge. */
  public static final String TARGET = "target";

  /** Columns of the nodes. */
  public static final StructType NODES =
      new StructType()
          .add(NODE, DataTypes.LongType)
          .add(FEATURES, DataTypes.createArrayType(DataTypes.FloatType))
          .add(LABEL, DataTypes.IntegerType)
          .add(PART, DataTypes.StringType);

  /** Columns of the edges. */
  public static final StructType EDGES =
      new StructType().add(SOURCE, DataTypes.LongType).add(TARGET, DataTypes.LongType);

  private GraphTables() {}
}
