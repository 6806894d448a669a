package org.trainyard.pipeline.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells a person how far a run is: a bar in a terminal, a plain line every few seconds elsewhere,
 * with step, rows or other units, rate and time left.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
  private final PrintStream out;
  private final boolean terminal;
  private ProgressBar bar;
  private String step = "";
  private long stepStart;
  private long lastLine;

  /**
   * @param out where lines go
   * @param terminal whether a person looks at it live
   */
  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Starts a step. */
  public synchronized void start(String title) {
    closeBar();
    step = title;
    stepStart = System.nanoTime();
    lastLine = stepStart;
    if (!terminal) {
      out.println(title + " …");
    }
  }

  /** Ends a step with one line that says what came of it. */
  public synchronized void end(String line) {
    closeBar();
    out.println(line);
  }

  /** The step is this far; {@code total} 0 means unknown. */
  public synchronized void update(String unit, long done, long total, String note) {
    if (terminal) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(step)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setInitialMax(Math.max(total, 0))
                .setMaxRenderedLength(100)
                .showSpeed()
                .build();
      }
      bar.maxHint(total);
      bar.stepTo(done);
      bar.setExtraMessage(note);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine >= LINE_EVERY_NANOS) {
      lastLine = now;
      out.println("  " + line(unit, done, total, note, (now - stepStart) / 1e9));
    }
  }

  /** One line of plain progress. */
  static String line(String unit, long done, long total, String note, double seconds) {
    double rate = seconds > 0 ? done / seconds : 0;
    String of = total > 0 ? " of %,d".formatted(total) : "";
    String left =
        total > done && rate > 0 ? ", %s left".formatted(duration((total - done) / rate)) : "";
    return String.format(Locale.ROOT, "%,d%s %s, %,.1f a second%s", done, of, unit, rate, left)
        + (note.isEmpty() ? "" : ", " + note);
  }

  /** Seconds as people say them: {@code 8.2 s}, {@code 3 min 20 s}. */
  public static String duration(double seconds) {
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d min %d s".formatted(whole / 60, whole % 60)
        : "%d h %d min".formatted(whole / 3600, whole / 60 % 60);
  }

  private void closeBar() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public synchronized void close() {
    closeBar();
  }
}
