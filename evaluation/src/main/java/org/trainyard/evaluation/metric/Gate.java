package org.trainyard.evaluation.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.GateException;
import org.trainyard.pipeline.record.Storage;
import org.trainyard.pipeline.stage.Job;
import org.trainyard.pipeline.stage.JobContext;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.Port;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A step of its own, so that the figures it looks at are published whether or not they pass. */
@Card(
    name = "gate",
    what = "Stops the run with exit code 6 if a metric of its input misses a bar.",
    how =
        "`at-least: {accuracy: 0.95}` and `at-most: {bits_per_byte: 2.5}` name metrics of the step"
            + " that `from` names. What it passes is written to gate.json; what hangs on a gate runs"
            + " only if it passes.",
    avoid = "A bar that was chosen after looking at the same held-out data says little.")
public final class Gate implements JobTechnique<Gate.Settings> {
  private static final String INPUT = "evaluation";
  private static final String OUTPUT = "gate";
  private static final String FILE = "gate.json";

  /**
   * What can be set.
   *
   * @param atLeast floor by metric
   * @param atMost ceiling by metric
   */
  public record Settings(
      @Setting(help = "Metric and what it must reach.", standard = "{}")
          Map<String, Double> atLeast,
      @Setting(help = "Metric and what it must not exceed.", standard = "{}")
          Map<String, Double> atMost) {
    /** Checks that there is a bar. */
    public Settings {
      Check.require(
          !(atLeast.isEmpty() && atMost.isEmpty()),
          "at-least",
          "must name at least one metric, here or in at-most");
    }
  }

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Job create(Settings settings) {
    return new GateJob(settings);
  }

  private record GateJob(Settings settings) implements Job {

    @Override
    public List<Port> inputs() {
      return List.of(Port.artifact(INPUT));
    }

    @Override
    public List<Port> outputs() {
      return List.of(Port.artifact(OUTPUT));
    }

    @Override
    public void run(JobContext context) {
      SortedMap<String, Double> metrics = context.artifact(INPUT).record().metrics();
      String from = context.artifact(INPUT).record().step();
      List<String> missed = new ArrayList<>();
      settings
          .atLeast()
          .forEach(
              (name, bar) -> {
                double value = value(context.step(), from, name, metrics);
                if (!(value >= bar)) {
                  missed.add("%s.%s is %s, not at least %s".formatted(from, name, value, bar));
                }
              });
      settings
          .atMost()
          .forEach(
              (name, bar) -> {
                double value = value(context.step(), from, name, metrics);
                if (!(value <= bar)) {
                  missed.add("%s.%s is %s, not at most %s".formatted(from, name, value, bar));
                }
              });
      if (!missed.isEmpty()) {
        throw new GateException("%s: %s".formatted(context.step(), String.join("; ", missed)));
      }
      Storage storage = new Storage(context.spark().sparkContext().hadoopConfiguration());
      storage.write(new Path(context.folder(OUTPUT), FILE), Json.pretty(settings));
    }

    private static double value(
        String step, String from, String name, SortedMap<String, Double> metrics) {
      Double value = metrics.get(name);
      if (value == null) {
        throw new ConfigException(
            step,
            "step '%s' reports no metric '%s'; it has %s".formatted(from, name, metrics.keySet()));
      }
      return value;
    }
  }
}
