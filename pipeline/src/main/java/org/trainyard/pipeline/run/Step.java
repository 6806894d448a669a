package org.trainyard.pipeline.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.Stage;
import org.trainyard.pipeline.technique.Technique;

/**
 * A checked step of the run graph.
 *
 * @param id as in the pipeline file
 * @param technique what makes the work
 * @param settings effective, defaults filled in
 * @param work a {@link Source}, a {@link Stage} or a {@link Job}
 * @param inputs by input name; a stage's only input is {@code rows}
 * @param maxRejects largest share of rows that may be rejected, 0 to 1
 */
public record Step(
    String id,
    Technique<?, ?> technique,
    ObjectNode settings,
    Object work,
    SortedMap<String, Reference> inputs,
    double maxRejects) {
  /** Name of a stage's or source's only input and output. */
  public static final String ROWS = "rows";

  /** Keeps its own copy. */
  public Step {
    inputs = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(inputs));
  }

  /**
   * Whether it is fused with its neighbours. A source is not: its own committed count is what the
   * rows of the stages behind it are held against, and raw files are parsed once however often
   * filters change.
   */
  public boolean fusible() {
    return work instanceof Stage;
  }

  /** What it makes. */
  public List<Port> outputs() {
    return work instanceof Job job
        ? job.outputs()
        : List.of(new Port(ROWS, Output.Kind.TABLE, columns().adds(), false));
  }

  /** What it reads. */
  public List<Port> reads() {
    if (work instanceof Job job) {
      return job.inputs();
    }
    return work instanceof Source
        ? List.of()
        : List.of(new Port(ROWS, Output.Kind.TABLE, columns().needs(), false));
  }

  /** Columns of a source or stage. */
  public Columns columns() {
    return work instanceof Source source
        ? source.columns()
        : work instanceof Stage stage ? stage.columns() : Columns.NONE;
  }

  /** How the record tells of it. */
  public StepRecord.Applied applied() {
    return new StepRecord.Applied(
        id, technique.card().name(), technique.card().version(), settings);
  }
}
