package org.trainyard.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that ran to its end.
 *
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Launched(int exit, String out, String err) {
  private static final long MINUTES = 5;

  /** What is run: a script of this module, where, and in which environment. */
  static final class Launch {
    private final Path folder;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();

    Launch(Path folder, Path script, String... arguments) {
      this.folder = folder;
      this.command = Stream.concat(Stream.of(script.toString()), Stream.of(arguments)).toList();
    }

    /** Sets a variable; an empty value takes it away. */
    Launch with(String variable, Object value) {
      environment.put(variable, value.toString());
      return this;
    }

    /** Runs it; fails if it has not ended after a few minutes. */
    Launched run() throws IOException, InterruptedException {
      return start().end();
    }

    /** Starts it. */
    Running start() throws IOException {
      Path out = Files.createTempFile("trainyard-out", ".txt");
      Path err = Files.createTempFile("trainyard-err", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      environment.forEach(builder.environment()::put);
      builder.environment().values().removeIf(String::isEmpty);
      return new Running(builder.start(), out, err);
    }
  }

  /** A program that runs. */
  record Running(Process process, Path out, Path err) {
    /** Waits for its end; fails if it has not ended after a few minutes. */
    Launched end() throws IOException, InterruptedException {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        kill();
        throw new IOException("Did not end: " + process.info() + "\n" + Files.readString(err));
      }
      return new Launched(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Ends it and what it has started, as {@code kill -9} does. */
    void kill() throws InterruptedException {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }
}
