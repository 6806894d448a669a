package org.trainyard.training.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.batch.Feed;
import org.trainyard.training.engine.Device;
import org.trainyard.training.engine.Parameters;

@DisplayName("The store of replicas")
class ReplicaStoreTest {
  private static final String RUN = "run";
  private static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicInteger CLOSED = new AtomicInteger();

  private final ReplicaStore store = new ReplicaStore();
  private final Supplier<Plan> plan = ReplicaStoreTest::plan;

  private static Plan plan() {
    ModelOpener inner = Samples.tiny(Samples.DROPOUT_MODEL);
    Plan plan =
        Samples.Draft.of(
                inner, new MemoryFeed(Samples.points(24, 4), 2, 5), Samples.rule("adam", 0.1))
            .local(2, LocalState.AVERAGED)
            .opener(device -> new CountedReplica(inner.open(device), OPENED, CLOSED))
            .plan();
    OPENED.set(0);
    CLOSED.set(0);
    return plan;
  }

  private ReplicaStore.Lease lease() {
    return store.lease(RUN, Device.CPU, plan);
  }

  private void useOnce() {
    try (ReplicaStore.Lease lease = lease()) {
      lease.sound(true);
    }
  }

  @Test
  void opensOneReplicaForAttemptsThatFollowOneAnother() {
    useOnce();
    useOnce();
    useOnce();
    assertThat(OPENED).hasValue(1);
    assertThat(CLOSED).hasValue(0);
    assertThat(store.open()).isEqualTo(1);
  }

  @Test
  void opensOneMoreForAnAttemptBesideAnother() {
    try (ReplicaStore.Lease one = lease();
        ReplicaStore.Lease other = lease()) {
      assertThat(one.worker()).isNotSameAs(other.worker());
      one.sound(true);
      other.sound(true);
    }
    assertThat(OPENED).hasValue(2);
    assertThat(store.open()).isEqualTo(2);
  }

  @Test
  void closesAReplicaThatFailedAtWork() {
    lease().close();
    assertThat(CLOSED).hasValue(1);
    assertThat(store.open()).isZero();
  }

  @Test
  void twoAttemptsAtOneShardBringTheSame() {
    Plan read = plan.get();
    RoundCall call = new RoundCall(RUN, 3, 0, new long[] {2, 2}, 2, 16, 2);
    List<Parameters> brought = new ArrayList<>();
    try (ReplicaStore.Lease one = lease();
        ReplicaStore.Lease other = lease()) {
      for (ReplicaStore.Lease attempt : List.of(one, other, one)) {
        Parameters weights = Samples.initial(read.opener());
        List<Parameters> state = read.rule().freshState(read.layout());
        Feed.Cursor cursor = attempt.cursor(Plan.TRAINING, 1, 0, 2);
        brought.add(attempt.worker().steps(call, 1, weights, state, cursor).vector().orElseThrow());
      }
    }
    assertThat(brought.get(1)).isEqualTo(brought.get(0));
    assertThat(brought.get(2)).isEqualTo(brought.get(0));
  }

  @Nested
  class KeepsAFeedOpen {
    @Test
    void forTheNextRoundOfItsShardAndNoOther() {
      try (ReplicaStore.Lease lease = lease()) {
        Feed.Cursor cursor = lease.cursor(Plan.TRAINING, 0, 0, 0);
        lease.keep(Plan.TRAINING, 0, 0, 2, cursor);
        assertThat(lease.cursor(Plan.TRAINING, 0, 0, 2)).isSameAs(cursor);
        lease.keep(Plan.TRAINING, 0, 0, 2, cursor);
        assertThat(lease.cursor(Plan.TRAINING, 0, 0, 1)).isNotSameAs(cursor);
        lease.keep(Plan.TRAINING, 0, 0, 2, cursor);
        assertThat(lease.cursor(Plan.TRAINING, 1, 0, 2)).isNotSameAs(cursor);
        assertThat(lease.cursor(Plan.TRAINING, 0, 1, 2)).isNotSameAs(cursor);
      }
    }
  }

  @Nested
  class ClosesARun {
    @Test
    void atItsEnd() {
      useOnce();
      store.close(RUN);
      assertThat(CLOSED).hasValue(1);
      assertThat(store.open()).isZero();
    }

    @Test
    void andWhatIsStillLeasedWhenItIsGivenBack() {
      ReplicaStore.Lease lease = lease();
      store.close(RUN);
      assertThat(CLOSED).hasValue(0);
      lease.sound(true);
      lease.close();
      assertThat(CLOSED).hasValue(1);
    }

    @Test
    void thatNobodyUsedForATime() {
      useOnce();
      store.closeIdle(Duration.ofMinutes(10), System.nanoTime());
      assertThat(store.open()).isEqualTo(1);
      try (ReplicaStore.Lease lease = lease()) {
        store.closeIdle(Duration.ofMinutes(10), System.nanoTime() + Duration.ofHours(1).toNanos());
        assertThat(CLOSED).hasValue(0);
        lease.sound(true);
      }
      store.closeIdle(Duration.ofMinutes(10), System.nanoTime() + Duration.ofHours(1).toNanos());
      assertThat(CLOSED).hasValue(1);
      assertThat(store.open()).isZero();
    }
  }

  @Test
  void refusesAModelWithAnotherLayout() {
    ModelOpener other = Samples.tiny(Samples.TOKEN_MODEL);
    Plan mixed = plan();
    Plan wrong =
        new Plan(
            other,
            mixed.layout(),
            mixed.feeds(),
            mixed.rule(),
            mixed.schedule(),
            1,
            RoundMode.LOCAL,
            2,
            LocalState.AVERAGED,
            mixed.outer(),
            mixed.combiner(),
            mixed.codec(),
            1);
    assertThatThrownBy(() -> store.lease(RUN, Device.CPU, () -> wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another layout");
  }
}
