package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import org.trainyard.evaluation.report.chart.Chart;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.StepRecord;

/** Where it ran and with what: enough to run it again. */
final class SettingsSection implements Section {
  private static final String BYTES = "-bytes";

  @Override
  public String title() {
    return "Settings and environment";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<List<String>> environment = new ArrayList<>();
    environment.add(List.of("environment", ""));
    facts.run().environment().forEach((key, value) -> environment.add(named(key, value)));
    List<List<String>> records = new ArrayList<>();
    records.add(List.of("step", "techniques", "key"));
    for (StepRecord record : facts.inOrder()) {
      List<String> techniques =
          record.techniques().stream()
              .map(applied -> applied.technique() + " v" + applied.version())
              .toList();
      records.add(
          List.of(record.step(), String.join(" + ", techniques), Headline.shortKey(record)));
    }
    return List.of(
        Element.of("div", "chart").add(Chart.table(environment)),
        Element.of("div", "chart").add(Chart.table(records)),
        Element.of("details", "chart wide")
            .add(
                Element.of("summary").text("The pipeline file as it took effect"),
                Element.of("pre").text(Yaml.write(facts.run().effective()))),
        Element.of("details", "chart wide")
            .add(Element.of("summary").text("Every metric"), metrics(facts)));
  }

  private static List<String> named(String key, String value) {
    return key.endsWith(BYTES) && value.matches("\\d+")
        ? List.of(
            key.substring(0, key.length() - BYTES.length()),
            Figures.compact(Double.parseDouble(value)) + "B")
        : List.of(key, value);
  }

  private static Element metrics(Facts facts) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("metric", "value"));
    for (StepRecord record : facts.inOrder()) {
      record
          .metrics()
          .forEach(
              (name, value) ->
                  rows.add(List.of(record.step() + "." + name, Double.toString(value))));
    }
    return Chart.table(rows);
  }
}
