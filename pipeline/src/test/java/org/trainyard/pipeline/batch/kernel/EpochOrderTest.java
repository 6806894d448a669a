package org.trainyard.pipeline.batch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The order of an epoch")
class EpochOrderTest {

  private static List<EpochOrder.Place> places(EpochOrder order) {
    List<EpochOrder.Place> places = new ArrayList<>();
    for (long at = 0; at < order.size(); at++) {
      places.add(order.at(at));
    }
    return places;
  }

  @Test
  void holdsEveryBatchOnceForAnyBlocks() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      int[] sizes = random.ints(random.nextInt(8), 0, 9).toArray();
      EpochOrder order = EpochOrder.shuffled(sizes, trial, trial % 5, trial % 3);

      Set<EpochOrder.Place> seen = new HashSet<>(places(order));
      assertThat(seen).hasSize((int) order.size());
      assertThat(seen).allMatch(place -> place.row() < sizes[place.block()]);
    }
  }

  @Test
  void readsEachBlockInOneGo() {
    List<Integer> blocks =
        places(EpochOrder.shuffled(new int[] {3, 5, 2, 4}, 9, 0, 0)).stream()
            .map(EpochOrder.Place::block)
            .toList();

    int changes = 0;
    for (int at = 1; at < blocks.size(); at++) {
      changes += blocks.get(at).equals(blocks.get(at - 1)) ? 0 : 1;
    }
    assertThat(changes).isEqualTo(3);
  }

  @Test
  void tellsWhereABlockEndsAndWhichIsReadNext() {
    int[] sizes = {3, 0, 5, 2};
    for (EpochOrder order :
        List.of(EpochOrder.shuffled(sizes, 9, 0, 0), EpochOrder.inOrder(sizes))) {
      List<EpochOrder.Place> places = places(order);
      for (int at = 0; at < places.size(); at++) {
        assertThat(order.blockAt(at)).isEqualTo(places.get(at).block());
        int end = (int) order.endOfBlock(at);
        assertThat(places.subList(at, end)).allMatch(p -> sizes[p.block()] > 0);
        assertThat(places.subList(at, end).stream().map(EpochOrder.Place::block).distinct())
            .hasSize(1);
        assertThat(end == places.size() || places.get(end).block() != places.get(at).block())
            .isTrue();
      }
    }
  }

  @Test
  void differsByEpochShardAndSeedAndIsTheSameAgain() {
    int[] sizes = {20, 20};
    Set<List<EpochOrder.Place>> orders = new HashSet<>();
    for (int seed = 0; seed < 3; seed++) {
      for (int shard = 0; shard < 3; shard++) {
        for (int epoch = 0; epoch < 3; epoch++) {
          orders.add(places(EpochOrder.shuffled(sizes, seed, shard, epoch)));
        }
      }
    }

    assertThat(orders).hasSize(27);
    assertThat(orders).contains(places(EpochOrder.shuffled(sizes, 1, 2, 0)));
  }

  @Test
  void putsEachBatchAnywhereWithEqualChance() {
    int size = 8;
    int epochs = 4_000;
    int[][] counts = new int[size][size];
    for (int epoch = 0; epoch < epochs; epoch++) {
      EpochOrder order = EpochOrder.shuffled(new int[] {size}, 5, 0, epoch);
      for (int at = 0; at < size; at++) {
        counts[at][order.at(at).row()]++;
      }
    }
    double mean = epochs / (double) size;
    double squares = 0;
    for (int[] row : counts) {
      for (int count : row) {
        squares += (count - mean) * (count - mean) / mean;
      }
    }

    // Chi-square with 49 degrees of freedom: mean 49, deviation 9.9; 99.99 % lie below 95.
    assertThat(squares).isLessThan(95);
  }

  @Test
  void canBeAsTheBatchesStand() {
    assertThat(places(EpochOrder.inOrder(new int[] {2, 0, 1})))
        .containsExactly(
            new EpochOrder.Place(0, 0), new EpochOrder.Place(0, 1), new EpochOrder.Place(2, 0));
  }
}
