package org.trainyard.pipeline.run;

import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;

/** Looks at a run when it has ended, well or not. Found by {@link java.util.ServiceLoader}. */
public interface RunListener {

  /**
   * Called once; what it throws is logged and does not change the run's outcome.
   *
   * @param run what the run did
   * @param folder the run's own folder, where {@code run.json} lies
   * @param output the pipeline's output folder
   * @param records of all units that are published, by step
   */
  void ended(
      RunRecord run,
      Path folder,
      Path output,
      SortedMap<String, StepRecord> records,
      Storage storage);
}
