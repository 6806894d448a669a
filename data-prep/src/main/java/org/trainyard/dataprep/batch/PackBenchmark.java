package org.trainyard.dataprep.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The planner {@code pack} with each way to fit, on the case of {@link PlanBenchmark}: what share
 * of the budget carries data, beside the fewest batches that could hold it, and its rate on one
 * core.
 */
public final class PackBenchmark implements org.trainyard.pipeline.cli.Benchmark {
  private static final int EXAMPLES = 200_000;
  private static final int MANY = 2_000_000;

  /** Row lengths: just long enough for the longest example, and the budget as one row. */
  private static final int[] ROWS = {0, 16_384};

  @Override
  public String name() {
    return "pack";
  }

  @Override
  public String summary() {
    return "several examples a row on 200,000 long-tailed lengths: utilisation, rate on one core";
  }

  @Override
  public List<Figure> run() {
    int[] lengths = LocalPlanning.lengths(EXAMPLES);
    int[] many = LocalPlanning.lengths(MANY);
    List<Figure> figures = new ArrayList<>();
    for (PackedRows.Fit fit : PackedRows.Fit.values()) {
      String name = fit.name().toLowerCase(Locale.ROOT);
      for (int row : ROWS) {
        String which = name + (row == 0 ? "" : "_row_" + row);
        LocalPlanning.Result plan = LocalPlanning.plan(lengths, planner(fit, row));
        if (figures.isEmpty()) {
          double bound = Math.ceil(plan.real() / (double) LocalPlanning.LIMITS.budget());
          figures.add(Figure.shown("information_bound_batches", bound));
        }
        figures.add(Figure.atLeast(which + "_utilisation_percent", 100 * plan.budgetShare(), 99.9));
        figures.add(Figure.shown(which + "_padding_percent", 100 * plan.paddingShare()));
        figures.add(Figure.shown(which + "_batches", plan.batches()));
        figures.add(Figure.atMost(which + "_batches_over_budget", plan.over(), 0));
      }
      PlanningRate rate = PlanningRate.of(many, planner(fit, 0));
      figures.add(Figure.atLeast(name + "_examples_per_second", rate.examplesPerSecond(), 300_000));
      figures.add(Figure.atMost(name + "_time_for_tenfold_examples", rate.tenfoldTime(), 13));
    }
    return figures;
  }

  private static BatchPlanner planner(PackedRows.Fit fit, int rowLength) {
    return new PackedRows().create(new PackedRows.Settings(fit, rowLength));
  }
}
