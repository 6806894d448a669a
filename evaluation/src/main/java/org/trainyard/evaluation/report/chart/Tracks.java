package org.trainyard.evaluation.report.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays a run graph out like the tracks of a yard: one station a row, in order, and a lane for every
 * track. Two tracks share a place only if they come from the same station.
 */
public final class Tracks {
  private final Map<Place, Integer> takenFrom = new HashMap<>();
  private final List<Integer> lanes = new ArrayList<>();
  private final List<Track> tracks = new ArrayList<>();

  /** A lane in a row. */
  private record Place(int lane, int row) {}

  /**
   * A track between two stations.
   *
   * @param from row of the station it leaves
   * @param to row of the station it reaches
   * @param lane where it runs between them
   */
  public record Track(int from, int to, int lane) {}

  /**
   * Lays out all tracks.
   *
   * @param inputs for each row, the rows above it that it reads, the main one first
   */
  public Tracks(List<List<Integer>> inputs) {
    for (int row = 0; row < inputs.size(); row++) {
      int lane = stationLane(row, inputs.get(row));
      lanes.add(lane);
      takenFrom.put(new Place(lane, row), row);
      for (int from : inputs.get(row)) {
        lay(from, row);
      }
    }
  }

  private int stationLane(int row, List<Integer> inputs) {
    if (!inputs.isEmpty()) {
      int main = inputs.get(0);
      int lane = lanes.get(main);
      if (free(lane, main, row) && !takenFrom.containsKey(new Place(lane, row))) {
        return lane;
      }
    }
    int above = inputs.isEmpty() ? row - 1 : inputs.get(0);
    int lane = 0;
    while (!free(lane, above, row) || takenFrom.containsKey(new Place(lane, row))) {
      lane++;
    }
    return lane;
  }

  private void lay(int from, int to) {
    int lane = lanes.get(from);
    if (!free(lane, from, to)) {
      lane = lanes.get(to);
    }
    for (int next = 0; !free(lane, from, to); next++) {
      lane = next;
    }
    for (int row = from + 1; row < to; row++) {
      takenFrom.put(new Place(lane, row), from);
    }
    tracks.add(new Track(from, to, lane));
  }

  /** Whether the rows between two stations are free in a lane, for tracks from the first. */
  private boolean free(int lane, int from, int to) {
    for (int row = from + 1; row < to; row++) {
      if (takenFrom.getOrDefault(new Place(lane, row), from) != from) {
        return false;
      }
    }
    return true;
  }

  /** Lane of the station in a row. */
  public int lane(int row) {
    return lanes.get(row);
  }

  /** Number of lanes. */
  public int width() {
    return 1 + takenFrom.keySet().stream().mapToInt(Place::lane).max().orElse(0);
  }

  /** All tracks. */
  public List<Track> tracks() {
    return List.copyOf(tracks);
  }
}
