package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.training.round.Roster.Attempt;
import org.trainyard.training.round.Roster.Delivery;
import org.trainyard.training.round.Roster.Duty;
import org.trainyard.training.round.Roster.Order;

@DisplayName("The roster of a standing job of two tasks")
class RosterTest {
  private static final long START = 1_000;
  private static final Attempt A = new Attempt(0, 0, 100);
  private static final Attempt B = new Attempt(1, 0, 101);
  private static final Attempt B_AGAIN = new Attempt(1, 1, 102);

  private final Roster roster = new Roster(2, START);

  private Order ask(Attempt who) {
    return roster.ask(who, START);
  }

  private void deliver(long turn, int shard, String result) {
    roster.deliver(new Delivery(turn, shard, result, new byte[0]), START);
  }

  private Optional<Object> next() throws InterruptedException {
    return roster.next(Duration.ZERO).map(Delivery::result);
  }

  private static Order serve(long turn, int shard) {
    return new Order(Duty.SERVE, turn, shard);
  }

  @Test
  void letsTasksWaitUntilATurnIsOpened() {
    assertThat(ask(A).duty()).isEqualTo(Duty.WAIT);
    assertThat(roster.open(1, 4)).isTrue();
    assertThat(ask(A)).isEqualTo(serve(1, 0));
  }

  @Test
  void givesEachTaskItsOwnShardsInEveryTurn() {
    for (long turn : List.of(1L, 2L)) {
      ask(A);
      ask(B);
      roster.open(turn, 4);
      assertThat(List.of(ask(A), ask(A), ask(B), ask(B)))
          .containsExactly(serve(turn, 0), serve(turn, 1), serve(turn, 2), serve(turn, 3));
      assertThat(ask(A).duty()).isEqualTo(Duty.WAIT);
      for (int shard = 0; shard < 4; shard++) {
        deliver(turn, shard, "");
      }
      assertThat(roster.isOpen()).isFalse();
    }
  }

  @Nested
  class HasAShardDoneByAnother {
    @Test
    void ifItsTaskHasNotBegun() {
      roster.open(1, 2);
      assertThat(ask(A)).isEqualTo(serve(1, 0));
      assertThat(ask(A)).isEqualTo(serve(1, 1));
    }

    @Test
    void ifItsAttemptWasLostBeforeItHandedItIn() {
      ask(B);
      roster.open(1, 2);
      assertThat(ask(B)).isEqualTo(serve(1, 1));
      assertThat(ask(A)).isEqualTo(serve(1, 0));
      assertThat(ask(A).duty()).isEqualTo(Duty.WAIT);
      roster.ended(B.id());
      assertThat(ask(A)).isEqualTo(serve(1, 1));
    }

    @Test
    void ifTheNextAttemptBeginsBeforeTheLossIsHeard() {
      roster.open(1, 2);
      assertThat(ask(B)).isEqualTo(serve(1, 1));
      assertThat(ask(B_AGAIN)).isEqualTo(serve(1, 1));
      roster.ended(B.id());
      assertThat(ask(A)).isEqualTo(serve(1, 0));
      assertThat(ask(A).duty()).isEqualTo(Duty.WAIT);
    }

    @Test
    void butNotIfItIsHandedInAlready() {
      roster.open(1, 2);
      ask(B);
      deliver(1, 1, "first");
      assertThat(ask(B_AGAIN).duty()).isEqualTo(Duty.SERVE);
      assertThat(ask(B_AGAIN).duty()).isEqualTo(Duty.WAIT);
    }
  }

  @Nested
  class CountsAShardOnce {
    @Test
    void whoeverHandsItInFirst() throws InterruptedException {
      roster.open(1, 2);
      ask(B);
      ask(B_AGAIN);
      deliver(1, 1, "first");
      deliver(1, 1, "second");
      assertThat(next()).contains("first");
      assertThat(next()).isEmpty();
      assertThat(roster.isOpen()).isTrue();
    }

    @Test
    void andNotForALaterTurn() throws InterruptedException {
      roster.open(1, 1);
      deliver(1, 0, "first");
      assertThat(next()).contains("first");
      roster.open(2, 1);
      deliver(1, 0, "late");
      assertThat(next()).isEmpty();
      assertThat(roster.isOpen()).isTrue();
    }
  }

  @Nested
  class SendsTasksAway {
    private final long later = START + Roster.PATIENCE.toNanos() + 1;

    @Test
    void allOfThemWhenNoTurnComes() {
      assertThat(ask(A).duty()).isEqualTo(Duty.WAIT);
      assertThat(roster.ask(A, later).duty()).isEqualTo(Duty.LEAVE);
      assertThat(roster.open(1, 2)).isFalse();
      assertThat(ask(B).duty()).isEqualTo(Duty.LEAVE);
      assertThat(roster.spent()).isTrue();
    }

    @Test
    void butNotInTheMiddleOfATurnHoweverLongItTakes() {
      roster.open(1, 2);
      ask(A);
      ask(B);
      assertThat(roster.ask(A, later).duty()).isEqualTo(Duty.WAIT);
    }

    @Test
    void thatAreHeldForDead() {
      ask(A);
      roster.ended(A.id());
      roster.open(1, 2);
      assertThat(ask(A).duty()).isEqualTo(Duty.LEAVE);
    }

    @Test
    void atTheEnd() {
      ask(A);
      roster.leave();
      assertThat(ask(A).duty()).isEqualTo(Duty.LEAVE);
    }
  }

  @Nested
  class IsGoodForNoFurtherTurn {
    @Test
    void onceAnAttemptFailed() {
      ask(A);
      assertThat(roster.spent()).isFalse();
      roster.ended(A.id());
      assertThat(roster.spent()).isTrue();
    }

    @Test
    void onceALaterAttemptBegan() {
      ask(B_AGAIN);
      assertThat(roster.spent()).isTrue();
    }

    @Test
    void butIsWhenOthersTasksEnd() {
      ask(A);
      roster.ended(7);
      assertThat(roster.spent()).isFalse();
    }
  }
}
