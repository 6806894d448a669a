package org.trainyard.dataprep.curate.kernel;

/**
 * Judges one text after another. Holds buffers that are used again, so it is not thread-safe: one
 * rule for each task.
 */
@FunctionalInterface
public interface TextRule {

  /** What the rule finds in a text; the same for the same text, whatever came before. */
  Finding examine(String text);
}
