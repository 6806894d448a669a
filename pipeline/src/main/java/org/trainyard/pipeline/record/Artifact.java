package org.trainyard.pipeline.record;

import org.apache.hadoop.fs.Path;

/**
 * A published folder and the record of how it was made.
 *
 * @param version the version folder
 * @param record how it was made
 * @param name which output of the step it is
 */
public record Artifact(Path version, StepRecord record, String name) {

  /** The folder itself. */
  public Path folder() {
    return new Path(version, record.output(name).folder());
  }

  /** A file of it. */
  public Path file(String relative) {
    return new Path(folder(), relative);
  }
}
