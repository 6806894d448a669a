package org.trainyard.dataprep.curate.kernel;

/** What difference between two texts does not count. */
public enum Normalisation {
  /** Every difference counts. */
  NONE,

  /** Upper and lower case, and how much white space is where some is, do not. */
  SPACING_AND_CASE
}
