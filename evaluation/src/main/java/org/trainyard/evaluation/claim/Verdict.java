package org.trainyard.evaluation.claim;

import java.util.Collection;
import org.trainyard.evaluation.claim.kernel.PairedBootstrap.Interval;

/** What a claim came to. */
public enum Verdict {
  /** The whole interval lies beyond the margin, in the promised direction. */
  SHOWN("SHOWN"),
  /** The whole interval lies on the other side of the margin. */
  NOT_SHOWN("NOT SHOWN"),
  /** The interval holds the margin, or there were fewer than {@link #FEWEST_SEEDS} seeds. */
  INCONCLUSIVE("INCONCLUSIVE");

  /** Fewer seeds never show a claim. */
  public static final int FEWEST_SEEDS = 3;

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** As it is printed. */
  public String words() {
    return words;
  }

  /**
   * Judges an improvement.
   *
   * @param improvement interval of the mean improvement; positive is the promised direction
   * @param margin what the improvement must exceed, in the metric's unit; negative for a claim that
   *     nothing gets worse by more than this
   * @param seeds number of pairs
   */
  public static Verdict of(Interval improvement, double margin, int seeds) {
    if (improvement.high() <= margin) {
      return NOT_SHOWN;
    }
    return improvement.low() > margin && seeds >= FEWEST_SEEDS ? SHOWN : INCONCLUSIVE;
  }

  /** Shown if all are; not shown if one is not; else open. */
  public static Verdict ofAll(Collection<Verdict> verdicts) {
    if (verdicts.contains(NOT_SHOWN)) {
      return NOT_SHOWN;
    }
    return verdicts.isEmpty() || verdicts.contains(INCONCLUSIVE) ? INCONCLUSIVE : SHOWN;
  }
}
