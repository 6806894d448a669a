package org.trainyard.training.operate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;
import org.trainyard.pipeline.config.Json;

/**
 * The JVM that tries. Its first line in is a {@link TrialSubject}, each further line a list of
 * shapes; for each it answers one line that starts with {@link #MARK}. What else is printed on the
 * way goes to standard error.
 *
 * <p>Its heap is pre-touched, so that what the process grows by is memory outside the heap, whoever
 * allocates it. Memory is counted from what the process takes after a smallest step.
 */
final class TrialServer {
  /** Starts each line of an answer. */
  static final String MARK = "trial:";

  private static final Shape SMALLEST = new Shape(2, 2);

  /** What came of a line of shapes. */
  enum Outcome {
    /** All steps ran. */
    RAN,
    /** Memory ran out. */
    NO_ROOM,
    /** Something else went wrong. */
    BROKEN
  }

  /**
   * An answer.
   *
   * @param memory that the steps took; none unless they ran
   * @param reason why they did not; empty if they did
   */
  record Answer(Outcome outcome, Memory memory, String reason) {}

  private final TrialSteps steps;
  private long heapBefore;
  private long residentBefore;

  private TrialServer(TrialSteps steps) {
    this.steps = steps;
  }

  /** Serves until standard input ends, or memory does. */
  public static void main(String[] arguments) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String first = lines.readLine();
    if (first == null) {
      return;
    }
    try {
      TrialSubject subject = Json.read(first, TrialSubject.class);
      TrialServer server =
          new TrialServer(
              new TrialSteps(
                  subject.engine().create(),
                  subject.spec(),
                  subject.rule().create(),
                  subject.threads()));
      server.begin();
      tell(answers, new Answer(Outcome.RAN, Memory.NONE, ""));
      boolean sound = true;
      for (String line = lines.readLine(); sound && line != null; line = lines.readLine()) {
        Answer answer = server.answer(List.of(Json.read(line, Shape[].class)));
        tell(answers, answer);
        sound = answer.outcome() == Outcome.RAN;
      }
    } catch (RuntimeException | Error e) {
      tell(answers, failed(e));
    }
  }

  private static void tell(PrintStream answers, Answer answer) {
    answers.println(MARK + Json.line(answer));
    answers.flush();
  }

  private void begin() throws IOException {
    steps.run(List.of(SMALLEST), () -> Memory.NONE);
    heapBefore = heap();
    residentBefore = ResidentMemory.bytes();
  }

  private Answer answer(List<Shape> shapes) {
    try {
      ResidentMemory.reset();
      return new Answer(Outcome.RAN, steps.run(shapes, this::held), "");
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    }
  }

  private Memory held() {
    try {
      return new Memory(
          Math.max(0, heap() - heapBefore),
          Math.max(0, ResidentMemory.peakBytes() - residentBefore));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of objects that are in use. */
  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static Answer failed(Throwable error) {
    Optional<Throwable> memory = outOfMemory(error);
    if (memory.isEmpty()) {
      error.printStackTrace();
    }
    return new Answer(
        memory.isPresent() ? Outcome.NO_ROOM : Outcome.BROKEN,
        Memory.NONE,
        memory.orElse(error).toString());
  }

  /**
   * Whether memory is the reason: out of it, or an array would be longer than an array can be.
   * Native code that finds none throws what the bridge makes a RuntimeException of.
   */
  private static Optional<Throwable> outOfMemory(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      boolean tooLong =
          cause instanceof ArithmeticException && message.contains("overflow")
              || cause instanceof NegativeArraySizeException;
      boolean without =
          Arrays.asList("bad_alloc", "bad allocation", "Allocation failed").stream()
              .anyMatch(message::contains);
      if (cause instanceof OutOfMemoryError || tooLong || without) {
        return Optional.of(cause);
      }
    }
    return Optional.empty();
  }
}
