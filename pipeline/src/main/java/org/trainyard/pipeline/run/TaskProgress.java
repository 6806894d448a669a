package org.trainyard.pipeline.run;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Feeds {@link Progress} from Spark's own events while a table is written: rows and tasks. */
final class TaskProgress extends SparkListener {
  private final Progress progress;
  private final Map<Integer, Integer> tasks = new HashMap<>();
  private boolean active;
  private long done;
  private long rows;

  TaskProgress(Progress progress) {
    this.progress = progress;
  }

  /** Starts to tell, with counts at zero. */
  synchronized void begin() {
    active = true;
    tasks.clear();
    done = 0;
    rows = 0;
  }

  /** Stops telling: the step tells itself, or is over. */
  synchronized void end() {
    active = false;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    tasks.put(submitted.stageInfo().stageId(), submitted.stageInfo().numTasks());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (!active || end.taskMetrics() == null) {
      return;
    }
    done++;
    rows +=
        end.taskMetrics().inputMetrics().recordsRead()
            + end.taskMetrics().outputMetrics().recordsWritten();
    long total = tasks.values().stream().mapToLong(Integer::longValue).sum();
    progress.update("tasks", done, total, "%,d rows read and written".formatted(rows));
  }
}
