package org.trainyard.dataprep.curate.kernel;

/**
 * What a rule says of a text.
 *
 * @param reason a code such as {@code gopher-too-short}; empty if the text may stay
 * @param detail what was found and what was asked, in words
 */
public record Finding(String reason, String detail) {
  /** The text may stay. */
  public static final Finding KEEP = new Finding("", "");

  /** Whether the text may stay. */
  public boolean keeps() {
    return reason.isEmpty();
  }
}
