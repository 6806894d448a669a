package org.trainyard.training.round;

import java.util.concurrent.atomic.AtomicInteger;
import org.trainyard.pipeline.batch.Batch;
import org.trainyard.training.engine.GradientSum;
import org.trainyard.training.engine.Layout;
import org.trainyard.training.engine.Mode;
import org.trainyard.training.engine.Parameters;
import org.trainyard.training.engine.Pass;
import org.trainyard.training.engine.Replica;
import org.trainyard.training.engine.Scores;

/** A replica that counts how often it was opened and closed. */
class CountedReplica implements Replica {
  private final Replica inner;
  private final AtomicInteger closed;

  CountedReplica(Replica inner, AtomicInteger opened, AtomicInteger closed) {
    this.inner = inner;
    this.closed = closed;
    opened.incrementAndGet();
  }

  @Override
  public Layout layout() {
    return inner.layout();
  }

  @Override
  public void load(Parameters from) {
    inner.load(from);
  }

  @Override
  public void store(Parameters into) {
    inner.store(into);
  }

  @Override
  public GradientSum lossAndGradient(Batch batch, Mode mode, Parameters gradient) {
    return inner.lossAndGradient(batch, mode, gradient);
  }

  @Override
  public Pass forward(Batch batch, Mode mode) {
    return inner.forward(batch, mode);
  }

  @Override
  public Scores score(Batch batch) {
    return inner.score(batch);
  }

  @Override
  public byte[] state() {
    return inner.state();
  }

  @Override
  public void restore(byte[] state) {
    inner.restore(state);
  }

  @Override
  public void close() {
    inner.close();
    closed.incrementAndGet();
  }
}
