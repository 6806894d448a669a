package org.trainyard.training.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Physical memory of this process, whoever allocated it: what YARN and Kubernetes end a process by.
 * Linux tells the most it has been since it was last reset; elsewhere it is what it is now, which
 * comes close as long as all that was used is still held.
 */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  private ResidentMemory() {}

  /** Forgets what was. */
  static void reset() throws IOException {
    if (Files.isWritable(RESET)) {
      Files.writeString(RESET, "5");
    }
  }

  /** Bytes now. */
  static long bytes() throws IOException {
    return Files.isReadable(STATUS) ? status("VmRSS:") : asked();
  }

  /** Most bytes since the last {@link #reset}. */
  static long peakBytes() throws IOException {
    return Files.isReadable(STATUS) ? status("VmHWM:") : asked();
  }

  private static long status(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return kilobytes(line.substring(key.length(), line.indexOf("kB")));
      }
    }
    throw new IOException(STATUS + " has no line " + key);
  }

  private static long asked() throws IOException {
    String own = Long.toString(ProcessHandle.current().pid());
    Process asked = new ProcessBuilder("ps", "-o", "rss=", "-p", own).start();
    return kilobytes(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static long kilobytes(String number) {
    return Long.parseLong(number.strip()) << 10;
  }
}
