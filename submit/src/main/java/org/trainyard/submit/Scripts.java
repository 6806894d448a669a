package org.trainyard.submit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.record.StorageException;

/**
 * The scripts of this module, run as users run them: in processes of their own.
 *
 * @param folder where they lie
 * @param environment variables that they get beside those of this process
 */
record Scripts(Path folder, Map<String, String> environment) {

  /**
   * Finds them two folders above the jar or the classes of this module.
   *
   * @throws ConfigException if the jar does not lie where the build put it
   */
  static Scripts find() {
    File code =
        new File(Scripts.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path folder = code.toPath().toAbsolutePath().getParent().getParent();
    if (!Files.isExecutable(folder.resolve("trainyard"))) {
      throw new ConfigException(
          "bench",
          "finds no trainyard script in %s: start it by submit/trainyard".formatted(folder));
    }
    return new Scripts(folder, Map.of());
  }

  /**
   * Runs one; what it tells on standard error goes to this process's.
   *
   * @return its standard output
   * @throws StorageException if it does not end with 0
   */
  String call(String script, String... arguments) throws IOException {
    List<String> command =
        Stream.concat(Stream.of(folder.resolve(script).toString()), Arrays.stream(arguments))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().remove("SPARK_HOME"); // The Spark that the build put together is used.
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new StorageException(
            "%s ended with exit code %d, see above. Mend that and run again"
                .formatted(String.join(" ", command), exit),
            new IOException(said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }
}
