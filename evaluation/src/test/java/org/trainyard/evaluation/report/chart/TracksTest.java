package org.trainyard.evaluation.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Tracks of a run graph")
class TracksTest {

  @Test
  void aChainRunsStraight() {
    Tracks tracks = new Tracks(List.of(List.of(), List.of(0), List.of(1)));
    assertThat(IntStream.range(0, 3).map(tracks::lane)).containsOnly(0);
    assertThat(tracks.width()).isEqualTo(1);
  }

  @Test
  void aSecondReaderGetsALaneOfItsOwn() {
    Tracks tracks = new Tracks(List.of(List.of(), List.of(0), List.of(0), List.of(1, 2)));
    assertThat(tracks.lane(1)).isZero();
    assertThat(tracks.lane(2)).isEqualTo(1);
  }

  @Test
  void tracksOfDifferentStationsNeverShareAPlace() {
    SplittableRandom random = new SplittableRandom(21);
    for (int graph = 0; graph < 200; graph++) {
      List<List<Integer>> inputs = new ArrayList<>();
      for (int row = 0; row < 14; row++) {
        inputs.add(
            row == 0
                ? List.of()
                : random.ints(1 + random.nextInt(3), 0, row).distinct().boxed().toList());
      }
      Tracks tracks = new Tracks(inputs);
      Map<String, Integer> taken = new HashMap<>();
      IntStream.range(0, 14).forEach(row -> taken.put(tracks.lane(row) + "/" + row, row));
      for (Tracks.Track track : tracks.tracks()) {
        for (int row = track.from() + 1; row < track.to(); row++) {
          Integer other = taken.put(track.lane() + "/" + row, track.from());
          assertThat(other == null || other == track.from()).as("%s in %s", track, inputs).isTrue();
        }
      }
    }
  }
}
