package org.trainyard.pipeline.batch;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Reads blocks, or makes batches, before they are wanted, on threads that end when there is nothing
 * to do. What was read and not yet taken is bounded by bytes: beyond the bound nothing is read
 * ahead, and whoever wants a block reads it when its turn comes.
 */
public final class ReadAhead {
  /** That of this JVM: an eighth of its largest heap. */
  public static final ReadAhead SHARED = new ReadAhead(Runtime.getRuntime().maxMemory() / 8);

  private static final long IDLE_SECONDS = 2;

  private final long mostBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final ThreadPoolExecutor threads;

  ReadAhead(long mostBytes) {
    this.mostBytes = mostBytes;
    int most = Runtime.getRuntime().availableProcessors();
    this.threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "trainyard-feed");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts to read.
   *
   * @param size bytes that the block will take, about
   * @return nothing if there is no room
   */
  public <T> Optional<Pending<T>> start(long size, Supplier<T> reader) {
    if (bytes.addAndGet(size) > mostBytes) {
      bytes.addAndGet(-size);
      return Optional.empty();
    }
    return Optional.of(new Pending<>(size, threads.submit(reader::get)));
  }

  /** Bytes read ahead and not yet taken, about. */
  long bytes() {
    return bytes.get();
  }

  /** A block that is being read. Either taken or dropped, once. */
  public final class Pending<T> {
    private final long size;
    private final Future<T> read;

    private Pending(long size, Future<T> read) {
      this.size = size;
      this.read = read;
    }

    /** The block; waits for it. What its reader threw is thrown here. */
    public T take() {
      try {
        return read.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException fault) {
          throw fault;
        }
        if (e.getCause() instanceof Error fault) {
          throw fault;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        read.cancel(false);
        Thread.currentThread().interrupt();
        throw (CancellationException)
            new CancellationException("interrupted while a block was read").initCause(e);
      } finally {
        bytes.addAndGet(-size);
      }
    }

    /** Nobody wants it any more. A read that has begun ends by itself: storage is not cut off. */
    public void drop() {
      read.cancel(false);
      bytes.addAndGet(-size);
    }
  }
}
