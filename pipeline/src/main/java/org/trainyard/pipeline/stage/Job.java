package org.trainyard.pipeline.stage;

import java.io.IOException;
import java.util.List;

/**
 * A step that must act: learn a vocabulary, plan batches, train, evaluate. It acts only through its
 * context, from named inputs to named outputs.
 */
public interface Job {

  /** What it reads; the first is what a plain {@code from: step} binds to. */
  List<Port> inputs();

  /** What it makes; the first is what a plain {@code from: step} of a later step means. */
  List<Port> outputs();

  /**
   * Files outside the pipeline that it reads, as Hadoop paths that may hold globs. The step is
   * keyed by their path, length and modification time, as a {@link Source} is; one that is missing
   * stops the run before it starts.
   */
  default List<String> files() {
    return List.of();
  }

  /**
   * Does the work. May be called again after a failure, in which case {@link JobContext#checkpoint}
   * still holds what the earlier attempt left there.
   *
   * @throws IOException if storage fails
   */
  void run(JobContext context) throws IOException;
}
