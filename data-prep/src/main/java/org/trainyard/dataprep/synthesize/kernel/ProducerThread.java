package org.trainyard.dataprep.synthesize.kernel;

/**
 * Runs {@link Producers} ahead of who takes their samples, in a thread of its own, until so many
 * wait; then the simulations stand still. Order and values are those of the producers alone.
 */
public final class ProducerThread {
  private final Producers producers;
  private final int width;
  private final int ahead;
  private final float[] waiting;
  private int first;
  private int count;
  private boolean running;
  private Throwable failure;
  private Thread thread;

  /**
   * @param width numbers of a sample
   * @param ahead samples that wait at most; 0 to make each when it is taken, without a thread
   */
  public ProducerThread(Producers producers, int width, int ahead) {
    this.producers = producers;
    this.width = width;
    this.ahead = ahead;
    this.waiting = new float[Math.multiplyExact(ahead, width)];
  }

  /** Takes the next sample, waiting for it if need be. */
  public void take(float[] into, int at) {
    if (ahead == 0) {
      producers.next(into, at);
      return;
    }
    synchronized (this) {
      start();
      while (count == 0) {
        if (failure != null) {
          throw new IllegalStateException("A simulation failed: " + failure.getMessage(), failure);
        }
        await();
      }
      System.arraycopy(waiting, first * width, into, at, width);
      first = (first + 1) % ahead;
      count--;
      notifyAll();
    }
  }

  private void start() {
    if (running) {
      return;
    }
    running = true;
    thread = new Thread(this::run, "simulations");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    float[] made = new float[width];
    try {
      while (room()) {
        producers.next(made, 0);
        keep(made);
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  /** Waits for room; false if the thread shall end. */
  private synchronized boolean room() {
    while (running && count == ahead) {
      await();
    }
    return running;
  }

  private synchronized void keep(float[] made) {
    System.arraycopy(made, 0, waiting, (first + count) % ahead * width, width);
    count++;
    notifyAll();
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a simulation", e);
    }
  }

  /** Ends the thread; what waits stays, and the next {@link #take} starts another. */
  public void pause() {
    Thread ending;
    synchronized (this) {
      running = false;
      ending = thread;
      thread = null;
      notifyAll();
    }
    boolean interrupted = false;
    while (ending != null && ending.isAlive()) {
      try {
        ending.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
