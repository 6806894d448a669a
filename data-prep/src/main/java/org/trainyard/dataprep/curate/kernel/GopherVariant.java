package org.trainyard.dataprep.curate.kernel;

/** Whose reading of Gopher's rules: implementations differ in what they count and divide by. */
public enum GopherVariant {
  /** That of datatrove 0.10, with which FineWeb was made. */
  DATATROVE
}
