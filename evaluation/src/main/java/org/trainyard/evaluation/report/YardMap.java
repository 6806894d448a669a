package org.trainyard.evaluation.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.trainyard.evaluation.report.chart.Element;
import org.trainyard.evaluation.report.chart.Figures;
import org.trainyard.evaluation.report.chart.Tracks;
import org.trainyard.pipeline.record.Output;
import org.trainyard.pipeline.record.StepRecord;
import org.trainyard.pipeline.run.RunRecord.UnitRun;

/** The run graph: a station for each step, in order, with the tracks between them. */
final class YardMap implements Section {
  private static final int ROW = 60;
  private static final int LANE = 22;
  private static final int COLOURS = 6;
  private static final double MILLISECONDS = 1000;

  @Override
  public String title() {
    return "Run";
  }

  @Override
  public List<Element> content(Facts facts) {
    List<UnitRun> units = facts.run().units();
    if (units.isEmpty()) {
      return List.of();
    }
    Tracks tracks = new Tracks(inputs(units));
    long longest = units.stream().mapToLong(unit -> spent(unit, facts)).max().orElse(1);
    Element stops = Element.of("ol", "stops");
    for (UnitRun unit : units) {
      stops.add(stop(unit, facts, longest));
    }
    return List.of(
        Element.of("div", "yard").add(drawing(units, tracks), stops),
        Element.of("p", "note")
            .text(
                "A filled station ran now, a hollow one was there already: its settings and inputs are"
                    + " unchanged. The bar is its share of the longest step."));
  }

  private static List<List<Integer>> inputs(List<UnitRun> units) {
    Map<String, Integer> rows = new TreeMap<>();
    List<List<Integer>> inputs = new ArrayList<>();
    for (int row = 0; row < units.size(); row++) {
      inputs.add(
          units.get(row).inputs().values().stream()
              .map(from -> from.substring(0, from.lastIndexOf('.')))
              .filter(rows::containsKey)
              .map(rows::get)
              .distinct()
              .sorted(Comparator.reverseOrder())
              .toList());
      rows.put(units.get(row).step(), row);
    }
    return inputs;
  }

  private static Element drawing(List<UnitRun> units, Tracks tracks) {
    Element svg =
        Element.of("svg", "tracks")
            .with("width", LANE * (tracks.width() + 1))
            .with("height", ROW * units.size())
            .with("role", "img")
            .with("aria-label", "Graph of the run; every step names its inputs beside it")
            .add(Element.of("title").text("Run graph"));
    for (Tracks.Track track : tracks.tracks()) {
      svg.add(
          Element.of("path", "rail c" + colour(track.lane()))
              .with("d", path(track, tracks.lane(track.from()), tracks.lane(track.to()))));
    }
    for (int row = 0; row < units.size(); row++) {
      String state = units.get(row).skipped() ? "hollow" : "full";
      svg.add(
          Element.of("circle", "station %s c%d".formatted(state, colour(tracks.lane(row))))
              .with("cx", x(tracks.lane(row)))
              .with("cy", y(row))
              .with("r", 7)
              .add(Element.of("title").text(units.get(row).step())));
    }
    return svg;
  }

  private static int colour(int lane) {
    return 1 + lane % COLOURS;
  }

  private static int x(int lane) {
    return LANE + LANE * lane;
  }

  private static int y(int row) {
    return ROW * row + ROW / 2;
  }

  private static String path(Tracks.Track track, int fromLane, int toLane) {
    StringBuilder path = new StringBuilder("M%d %d".formatted(x(fromLane), y(track.from())));
    int first = track.from() + 1;
    int last = track.to() - 1;
    if (first > last) {
      return path.append(bend(fromLane, track.from(), toLane, track.to())).toString();
    }
    path.append(bend(fromLane, track.from(), track.lane(), first));
    path.append("L%d %d".formatted(x(track.lane()), y(last)));
    return path.append(bend(track.lane(), last, toLane, track.to())).toString();
  }

  private static String bend(int fromLane, int fromRow, int toLane, int toRow) {
    int middle = (y(fromRow) + y(toRow)) / 2;
    return "C%d %d %d %d %d %d"
        .formatted(x(fromLane), middle, x(toLane), middle, x(toLane), y(toRow));
  }

  private static long spent(UnitRun unit, Facts facts) {
    StepRecord record = facts.records().get(unit.step());
    return unit.skipped() && record != null ? record.milliseconds() : unit.milliseconds();
  }

  private static Element stop(UnitRun unit, Facts facts, long longest) {
    StepRecord record = facts.records().get(unit.step());
    long spent = spent(unit, facts);
    String from = String.join(", ", unit.inputs().values().stream().distinct().toList());
    Element name =
        Element.of("div", "stop-name")
            .add(
                Element.of("strong").with("title", unit.title()).text(unit.title()),
                Element.of("span", "from").text(from.isEmpty() ? "source" : "from " + from));
    Element made = Element.of("div", "stop-made");
    if (record != null) {
      made.add(Element.of("span").text(made(record)));
      long rejected = record.rows().rejectedRows();
      if (rejected > 0) {
        made.add(Element.of("span", "from").text(Figures.whole(rejected) + " rejected"));
      }
    }
    Element time =
        Element.of("div", "stop-time")
            .add(
                Element.of("span").text(Figures.time(spent / MILLISECONDS)),
                Element.of("span", unit.skipped() ? "chip" : "chip ran")
                    .text(unit.skipped() ? "was there" : "ran"));
    Element share =
        Element.of("i", unit.skipped() ? "share" : "share ran")
            .with(
                "style",
                String.format(Locale.ROOT, "width:%.1f%%", 100.0 * spent / Math.max(1, longest)));
    return Element.of("li", "stop").add(name, made, time, share);
  }

  private static String made(StepRecord record) {
    List<String> parts = new ArrayList<>();
    long rows = 0;
    boolean table = false;
    for (Map.Entry<String, Output> output : record.outputs().entrySet()) {
      if (output.getValue().kind() == Output.Kind.TABLE) {
        table = true;
        rows += output.getValue().rows();
      } else {
        parts.add(output.getKey());
      }
    }
    if (table) {
      parts.add(0, Figures.whole(rows) + (rows == 1 ? " row" : " rows"));
    }
    return String.join(", ", parts);
  }
}
