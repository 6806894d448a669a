package org.trainyard.training.operate;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbe.Memory;
import org.trainyard.pipeline.batch.MemoryProbe.Shape;
import org.trainyard.pipeline.config.Json;

/**
 * Tries in a JVM of its own, so that running out of memory ends that one. It is started when it is
 * first needed, lives as long as all that is tried fits, and is started anew after something did
 * not.
 */
final class TrialProcess implements MemoryProbe.Trials {
  /** What the JVM, the engine and our code hold on the heap, before any step. */
  private static final long BARE_HEAP = 64L << 20;

  /** Exit code of a JVM that was told to end when its heap is full. */
  private static final int HEAP_FULL = 3;

  /** Exit code of a process that the system ended by force: on Linux, mostly for memory. */
  private static final int KILLED = 128 + 9;

  private static final int LINES_OF_ERRORS = 12;

  private final TrialSubject subject;
  private final Memory limit;
  private Optional<Child> child = Optional.empty();

  TrialProcess(TrialSubject subject, Memory limit) {
    this.subject = subject;
    this.limit = limit;
  }

  /** A running JVM. */
  private record Child(Process process, BufferedReader answers, Writer lines, Path errors) {}

  @Override
  public Optional<Memory> run(List<Shape> shapes) {
    TrialServer.Answer answer;
    try {
      answer =
          child.isPresent()
              ? new TrialServer.Answer(TrialServer.Outcome.RAN, Memory.NONE, "")
              : start();
      if (answer.outcome() == TrialServer.Outcome.RAN) {
        answer = ask(child.orElseThrow(), Json.line(shapes));
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot talk to the JVM that tries steps: " + e, e);
    }
    switch (answer.outcome()) {
      case RAN -> {
        return Optional.of(answer.memory()).filter(taken -> taken.within(limit));
      }
      case NO_ROOM -> {
        close();
        return Optional.empty();
      }
      default -> {
        String errors = errors();
        close();
        throw new IllegalStateException(
            "A step of %s cannot be tried: %s%s".formatted(shapes, answer.reason(), errors));
      }
    }
  }

  private TrialServer.Answer start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Dlog4j"))
        .forEach(command::add);
    long heap = limit.heap() + BARE_HEAP;
    command.add("-Xms%d".formatted(heap));
    command.add("-Xmx%d".formatted(heap));
    command.add("-XX:+AlwaysPreTouch");
    command.add("-XX:+DisplayVMOutputToStderr");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-Dorg.bytedeco.javacpp.maxbytes=%d".formatted(limit.offHeap()));
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxretries=2");
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath()));
    command.add(TrialServer.class.getName());
    Path errors = Files.createTempFile("trainyard-trial-", ".log");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    Child started =
        new Child(
            process,
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
            process.outputWriter(StandardCharsets.UTF_8),
            errors);
    child = Optional.of(started);
    return ask(started, Json.line(subject));
  }

  private static TrialServer.Answer ask(Child child, String line) throws IOException {
    try {
      child.lines().write(line + "\n");
      child.lines().flush();
    } catch (IOException e) {
      // It has ended; how it did says why.
      return ended(child);
    }
    for (String said = child.answers().readLine();
        said != null;
        said = child.answers().readLine()) {
      if (said.startsWith(TrialServer.MARK)) {
        return Json.read(said.substring(TrialServer.MARK.length()), TrialServer.Answer.class);
      }
    }
    return ended(child);
  }

  private static TrialServer.Answer ended(Child child) {
    int code = exitCode(child.process());
    boolean full = code == HEAP_FULL || code == KILLED;
    return new TrialServer.Answer(
        full ? TrialServer.Outcome.NO_ROOM : TrialServer.Outcome.BROKEN,
        Memory.NONE,
        "the JVM ended with exit code " + code);
  }

  private static int exitCode(Process process) {
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      return process.isAlive() ? -1 : process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a JVM tried a step", e);
    }
  }

  private String errors() {
    if (child.isEmpty()) {
      return "";
    }
    try {
      List<String> lines = Files.readAllLines(child.get().errors());
      int from = Math.max(0, lines.size() - LINES_OF_ERRORS);
      return "\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * What this JVM runs: its class path, and the jars that Spark loaded besides, as {@code
   * spark-submit} does with an application.
   */
  private static Set<String> classPath() {
    Set<String> path = new LinkedHashSet<>();
    for (ClassLoader loader = Thread.currentThread().getContextClassLoader();
        loader != null;
        loader = loader.getParent()) {
      if (loader instanceof URLClassLoader jars) {
        for (URL jar : jars.getURLs()) {
          if (jar.getProtocol().equals("file")) {
            path.add(new File(jar.getPath()).getPath());
          }
        }
      }
    }
    path.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    return path;
  }

  @Override
  public void close() {
    child.ifPresent(
        running -> {
          running.process().destroyForcibly();
          exitCode(running.process());
          try {
            Files.deleteIfExists(running.errors());
          } catch (IOException e) {
            // A temporary file; the system clears it away.
          }
        });
    child = Optional.empty();
  }
}
