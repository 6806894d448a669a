package org.trainyard.evaluation.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.trainyard.pipeline.run.RunRecord;
import org.trainyard.pipeline.run.StoredRun;
import org.trainyard.pipeline.run.Summary;

/** Two runs side by side: only what differs. */
final class Comparison {
  private static final String ABSENT = "–";

  private final StoredRun left;
  private final StoredRun right;

  Comparison(StoredRun left, StoredRun right) {
    this.left = left;
    this.right = right;
  }

  /** Settings that differ, with a head: key, left, right. */
  List<String[]> settings() {
    return differences(
        "setting", flattened(left.run().effective()), flattened(right.run().effective()));
  }

  /** Rows, rejected rows and metrics that differ, with a head: name, left, right, change. */
  List<String[]> figures() {
    SortedMap<String, Double> a = figures(left);
    SortedMap<String, Double> b = figures(right);
    TreeSet<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"figure", left.run().id(), right.run().id(), "change"});
    for (String name : names) {
      Double x = a.get(name);
      Double y = b.get(name);
      if (x == null || !x.equals(y)) {
        rows.add(new String[] {name, number(x), number(y), change(x, y)});
      }
    }
    return rows;
  }

  private static SortedMap<String, Double> figures(StoredRun run) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (RunRecord.UnitRun unit : run.run().units()) {
      var record = run.records().get(unit.step());
      if (record != null) {
        record.metrics().forEach((name, value) -> figures.put(unit.step() + "." + name, value));
        figures.put(unit.step() + ": rows", (double) record.rows().out());
        figures.put(unit.step() + ": rejected", (double) record.rows().rejectedRows());
      }
    }
    return figures;
  }

  private static String number(Double value) {
    return value == null ? ABSENT : Summary.number(value);
  }

  private static String change(Double x, Double y) {
    return x == null || y == null || x == 0
        ? ""
        : String.format(java.util.Locale.ROOT, "%+.1f %%", 100 * (y - x) / Math.abs(x));
  }

  private List<String[]> differences(
      String what, SortedMap<String, String> a, SortedMap<String, String> b) {
    TreeSet<String> keys = new TreeSet<>(a.keySet());
    keys.addAll(b.keySet());
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {what, left.run().id(), right.run().id()});
    for (String key : keys) {
      String x = a.getOrDefault(key, ABSENT);
      String y = b.getOrDefault(key, ABSENT);
      if (!x.equals(y)) {
        rows.add(new String[] {key, x, y});
      }
    }
    return rows;
  }

  private static SortedMap<String, String> flattened(JsonNode tree) {
    SortedMap<String, String> leaves = new TreeMap<>();
    flatten("", tree, leaves);
    return leaves;
  }

  private static void flatten(String path, JsonNode node, SortedMap<String, String> leaves) {
    if (!node.isObject()) {
      leaves.put(path, node.isTextual() ? node.asText() : node.toString());
      return;
    }
    node.fields()
        .forEachRemaining(
            entry ->
                flatten(
                    path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                    entry.getValue(),
                    leaves));
  }
}
