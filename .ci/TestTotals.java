import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Sums the test reports of every module and prints {@code N passed, M failed, K skipped}.
 *
 * <p>Run as a single source file: {@code java .ci/TestTotals.java [root of the build]}.
 */
final class TestTotals {
  public static void main(String[] args) throws Exception {
    Path root = Path.of(args.length == 0 ? "." : args[0]).toAbsolutePath().normalize();
    int ran = 0;
    int failed = 0;
    int skipped = 0;
    for (Path report : reports(root)) {
      Element suite =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getDocumentElement();
      ran += count(suite, "tests");
      failed += count(suite, "failures") + count(suite, "errors");
      skipped += count(suite, "skipped");
    }
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", ran - failed - skipped, failed, skipped);
  }

  private static int count(Element suite, String attribute) {
    String value = suite.getAttribute(attribute);
    return value.isEmpty() ? 0 : Integer.parseInt(value);
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.find(root, 4, (path, attributes) -> isReport(path))) {
      return files.toList();
    }
  }

  private static boolean isReport(Path path) {
    String folder = String.valueOf(path.getParent().getFileName());
    String file = path.getFileName().toString();
    return (folder.equals("surefire-reports") || folder.equals("failsafe-reports"))
        && file.startsWith("TEST-")
        && file.endsWith(".xml");
  }
}
