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
   * Does the work. May be called again after a failure, in which case {@link JobContext#checkpoint}
   * still holds what the earlier attempt left there.
   *
   * @throws IOException if storage fails
   */
  void run(JobContext context) throws IOException;
}
