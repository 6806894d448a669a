package org.trainyard.pipeline.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Which build this is. */
public final class Version {
  private Version() {}

  /** The Maven version, as the build wrote it. */
  public static String text() {
    try (InputStream in = Version.class.getResourceAsStream("/trainyard-version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
