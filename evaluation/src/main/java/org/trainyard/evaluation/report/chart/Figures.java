package org.trainyard.evaluation.report.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as people read them. Independent of the machine's language. */
public final class Figures {
  private static final String[] THOUSANDS = {"", " k", " M", " G", " T"};
  private static final int SIGNIFICANT = 3;

  private Figures() {}

  /** At most three decimals, no trailing zeros: for coordinates. */
  public static String plain(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** Three significant digits: {@code 0.0123}, {@code 2.31}, {@code 1.23 M}. */
  public static String compact(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size != 0 && size < 1e-4) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int power = 0;
    double scaled = value;
    while (Math.abs(scaled) >= 999.5 && power < THOUSANDS.length - 1) {
      scaled /= 1000;
      power++;
    }
    BigDecimal rounded = new BigDecimal(scaled, new MathContext(SIGNIFICANT));
    String digits = rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    return digits + THOUSANDS[power];
  }

  /** Whole, with a thin space between thousands: {@code 8 367 141}. */
  public static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202F');
  }

  /** A share as percent: {@code 12.3 %}. */
  public static String percent(double share) {
    double percent = 100 * share;
    String form = Math.abs(percent) >= 99.95 || percent == 0 ? "%.0f" : "%.1f";
    return String.format(Locale.ROOT, form, percent) + "\u202F%";
  }

  /** A time: {@code 0.8 s}, {@code 42 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
  public static String time(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }
}
