package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to a share of a chart's width or height, with round ticks.
 *
 * @param from value at share 0
 * @param to value at share 1, greater than {@code from}
 */
public record Scale(double from, double to) {
  private static final double[] STEPS = {1, 2, 2.5, 5, 10};

  /** A scale that holds all values, widened if they are all equal. */
  public static Scale of(double low, double high) {
    if (high > low) {
      return new Scale(low, high);
    }
    double half = low == 0 ? 1 : Math.abs(low) * 0.1;
    return new Scale(low - half, high + half);
  }

  /** The same from tick to tick. */
  public Scale rounded(int count) {
    double step = step(count);
    return new Scale(Math.floor(from / step + 1e-9) * step, Math.ceil(to / step - 1e-9) * step);
  }

  /** Share of the way, 0 at {@link #from} and 1 at {@link #to}. */
  public double share(double value) {
    return (value - from) / (to - from);
  }

  /** The same as an SVG length. */
  public String percent(double value) {
    return Figures.plain(100 * share(value)) + "%";
  }

  /** Round values within the scale, about as many as asked for. */
  public List<Double> ticks(int count) {
    double step = step(count);
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private double step(int count) {
    double rough = (to - from) / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double step : STEPS) {
      if (step * power >= rough * 0.999) {
        return step * power;
      }
    }
    return 10 * power;
  }
}
