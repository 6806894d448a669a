package org.trainyard.submit;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The modules of the project, as the tests of all of them see them. */
final class Modules {
  /** The project's root. */
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private Modules() {}

  /** All classes of all modules, without tests. */
  static JavaClasses classes() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages("org.trainyard");
  }

  /** The lists of {@code META-INF/services} in the sources of all modules, sorted. */
  static List<Path> serviceLists() {
    return children(ROOT).stream()
        .map(module -> module.resolve("src/main/resources/META-INF/services"))
        .filter(Files::isDirectory)
        .flatMap(folder -> children(folder).stream())
        .toList();
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
