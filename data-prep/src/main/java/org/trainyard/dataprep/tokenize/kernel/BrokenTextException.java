package org.trainyard.dataprep.tokenize.kernel;

import java.util.Locale;

/** A text that no UTF-8 stands for: it holds a surrogate without its other half. */
public final class BrokenTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private final int position;

  BrokenTextException(char surrogate, int position) {
    super(
        String.format(
            Locale.ROOT, "unpaired surrogate U+%04X at position %d", (int) surrogate, position));
    this.position = position;
  }

  /** Where it stands, in UTF-16 units from the start of the text. */
  public int position() {
    return position;
  }
}
