package org.trainyard.training.round;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * A Spark job over shard numbers that does without {@code collect}: Spark reads the byte code of
 * every class around a lambda on each call, about half the time of an empty job. A class with a
 * name is taken as it is.
 */
final class ShardJob
    extends AbstractFunction2<TaskContext, scala.collection.Iterator<Integer>, byte[][]>
    implements Serializable {
  private static final long serialVersionUID = 1;
  private final Work work;

  /** What a task makes of its shards: one array of bytes for each, in any number. */
  @FunctionalInterface
  interface Work extends Serializable {
    Iterator<byte[]> frames(Iterator<Integer> shards);
  }

  private ShardJob(Work work) {
    this.work = work;
  }

  /** Runs the work on all shards and returns what it made, in order of the shards. */
  static List<byte[]> run(JavaSparkContext spark, JavaRDD<Integer> shards, Work work) {
    List<Object> partitions =
        new ArrayList<>(IntStream.range(0, shards.getNumPartitions()).boxed().toList());
    Object results =
        spark
            .sc()
            .runJob(
                shards.rdd(),
                new ShardJob(work),
                JavaConverters.asScalaBuffer(partitions).toSeq(),
                ClassTag$.MODULE$.<byte[][]>apply(byte[][].class));
    List<byte[]> frames = new ArrayList<>();
    for (byte[][] result : (byte[][][]) results) {
      frames.addAll(List.of(result));
    }
    return frames;
  }

  @Override
  public byte[][] apply(TaskContext task, scala.collection.Iterator<Integer> shards) {
    List<byte[]> frames = new ArrayList<>();
    work.frames(JavaConverters.asJavaIterator(shards)).forEachRemaining(frames::add);
    return frames.toArray(byte[][]::new);
  }
}
