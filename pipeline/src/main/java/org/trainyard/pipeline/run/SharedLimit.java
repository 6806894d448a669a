package org.trainyard.pipeline.run;

/**
 * Permits at a steady rate, up to a total. Lives on the driver; executors ask for it through {@link
 * SideChannel}.
 */
public final class SharedLimit {
  private final double permitsPerSecond;
  private final long total;
  private long taken;
  private long nextFreeNanos;
  private boolean started;

  /**
   * @param permitsPerSecond rate; infinite for none
   * @param total permits in all; {@code Long.MAX_VALUE} for no end
   */
  public SharedLimit(double permitsPerSecond, long total) {
    if (!(permitsPerSecond > 0) || total < 0) {
      throw new IllegalArgumentException(
          "Cannot limit to %s permits a second and %d in all".formatted(permitsPerSecond, total));
    }
    this.permitsPerSecond = permitsPerSecond;
    this.total = total;
  }

  /**
   * Takes permits.
   *
   * @param nowNanos a monotonic clock
   * @return milliseconds to wait before using them, or -1 if too few are left
   */
  public synchronized long take(long permits, long nowNanos) {
    if (permits > total - taken) {
      return -1;
    }
    if (!started) {
      started = true;
      nextFreeNanos = nowNanos;
    }
    taken += permits;
    long start = Math.max(nowNanos, nextFreeNanos);
    nextFreeNanos = start + (long) (permits / permitsPerSecond * 1e9);
    return (start - nowNanos) / 1_000_000;
  }
}
