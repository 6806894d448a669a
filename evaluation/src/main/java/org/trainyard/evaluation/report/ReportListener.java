package org.trainyard.evaluation.report;

import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.run.RunListener;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.StoredRun;

/** Writes {@code report.html} next to {@code run.json} when a run has ended, well or not. */
public final class ReportListener implements RunListener {

  @Override
  public void ended(
      RunRecord run,
      Path folder,
      Path output,
      SortedMap<String, StepRecord> records,
      Storage storage) {
    Reports.write(new StoredRun(folder, output, run, records), storage);
  }
}
