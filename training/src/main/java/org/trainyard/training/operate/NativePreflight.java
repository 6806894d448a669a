package org.trainyard.training.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.trainyard.pipeline.run.Preflight;

/**
 * Whether the engine's native library is there for this machine, and whether the graphics cards
 * that are asked for can run it. Loads nothing, so it costs milliseconds.
 */
public final class NativePreflight implements Preflight {
  private static final String LIBRARIES = "org/nd4j/linalg/cpu/nativecpu/bindings/";
  private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  /**
   * The engine's CUDA library holds machine code up to compute capability 8.6 and nothing to
   * compile.
   */
  private static final double NEWEST_CAPABILITY = 8.9;

  @Override
  public List<String> problems(SparkConf conf) {
    List<String> problems = new ArrayList<>();
    boolean cards =
        conf.getInt("spark.executor.resource.gpu.amount", 0) > 0
            || conf.getInt("spark.worker.resource.gpu.amount", 0) > 0;
    if (cards) {
      problems.addAll(cardProblems(has(CUDA_BACKEND), computeCapability()));
    } else if (!has(LIBRARIES + platform() + "/" + System.mapLibraryName("jnind4jcpu"))
        && !has(CUDA_BACKEND)) {
      problems.add(
          "The native library of the engine is not in the jar for %s: build on such a machine, or with -Djavacpp.platform=%s"
              .formatted(platform(), platform()));
    }
    return problems;
  }

  /**
   * What stands against training on graphics cards.
   *
   * @param built whether the jar holds the engine for cards
   * @param capability compute capability of the first card here, if there is one to ask
   */
  static List<String> cardProblems(boolean built, Optional<Double> capability) {
    List<String> problems = new ArrayList<>();
    if (!built) {
      problems.add(
          "Graphics cards are asked for, but the jar trains on processors: build it with mvn -Pcuda, or"
              + " leave out spark.executor.resource.gpu.amount");
    }
    if (capability.isPresent() && capability.get() > NEWEST_CAPABILITY) {
      problems.add(
          "The card has compute capability %s, and the engine's CUDA 11.6 library runs up to 8.9 (Ampere, Ada), not on Hopper: use another card, or processors"
              .formatted(capability.get()));
    }
    return problems;
  }

  private static boolean has(String resource) {
    return NativePreflight.class.getClassLoader().getResource(resource) != null;
  }

  /** This machine, in the words of the native library's folders. */
  static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String name =
        system.startsWith("mac") ? "macosx" : system.startsWith("win") ? "windows" : "linux";
    String processor = System.getProperty("os.arch");
    return name
        + "-"
        + switch (processor) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> processor;
        };
  }

  private static Optional<Double> computeCapability() {
    try {
      Process asked =
          new ProcessBuilder("nvidia-smi", "--query-gpu=compute_cap", "--format=csv,noheader")
              .start();
      String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return asked.waitFor(10, TimeUnit.SECONDS)
          ? answer.lines().findFirst().map(Double::parseDouble)
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
