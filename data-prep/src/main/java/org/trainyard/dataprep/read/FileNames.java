package org.trainyard.dataprep.read;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.trainyard.pipeline.record.InputFile;

/**
 * A short and unique name for each file, from which ids are made: the path relative to its root;
 * with the root's own name before it where two files would have the same; else the full path.
 */
final class FileNames {
  private static final List<Function<InputFile, String>> CHOICES =
      List.of(InputFile::relativePath, FileNames::withRoot, InputFile::path);

  private final Map<InputFile, String> names = new HashMap<>();

  FileNames(List<InputFile> files) {
    for (Function<InputFile, String> choice : CHOICES) {
      Map<String, Long> counts = new HashMap<>();
      files.forEach(file -> counts.merge(choice.apply(file), 1L, Long::sum));
      for (InputFile file : files) {
        String name = choice.apply(file);
        if (counts.get(name) == 1) {
          names.putIfAbsent(file, name);
        }
      }
    }
  }

  private static String withRoot(InputFile file) {
    String root = file.root().replaceAll("/+$", "");
    return root.substring(root.lastIndexOf('/') + 1) + "/" + file.relativePath();
  }

  String of(InputFile file) {
    return names.get(file);
  }
}
