package org.trainyard.pipeline.cli;

import java.util.List;

/** A named benchmark: {@code trainyard bench <name>}. Found by {@link java.util.ServiceLoader}. */
public interface Benchmark {

  /** Lower-case, hyphenated. */
  String name();

  /** One sentence: what is measured against what. */
  String summary();

  /** Measures, on an idle machine; starts and stops what it needs. */
  List<Figure> run() throws Exception;

  /**
   * A measured figure.
   *
   * @param metric lower-case with underscores, unit in the name
   * @param value what was measured
   * @param bar what it must reach; NaN if it is only shown
   * @param higherIsBetter whether the bar is a floor or a ceiling
   */
  record Figure(String metric, double value, double bar, boolean higherIsBetter) {

    /** A figure without a bar. */
    public static Figure shown(String metric, double value) {
      return new Figure(metric, value, Double.NaN, true);
    }

    /** A figure that must be at least the bar. */
    public static Figure atLeast(String metric, double value, double bar) {
      return new Figure(metric, value, bar, true);
    }

    /** A figure that must be at most the bar. */
    public static Figure atMost(String metric, double value, double bar) {
      return new Figure(metric, value, bar, false);
    }

    /** Whether the bar is met; a figure without a bar always is, NaN with a bar never. */
    public boolean ok() {
      return Double.isNaN(bar) || (higherIsBetter ? value >= bar : value <= bar);
    }
  }
}
