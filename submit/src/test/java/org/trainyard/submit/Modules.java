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
    try (Stream<Path> found =
        Files.find(ROOT, 6, (path, attributes) -> isServiceList(path) && attributes.isRegularFile())) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isServiceList(Path path) {
    return path.getParent() != null && path.getParent().endsWith("src/main/resources/META-INF/services");
  }
}
