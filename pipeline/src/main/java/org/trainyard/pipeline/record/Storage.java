package org.trainyard.pipeline.record;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The one way to files: any Hadoop file system (file, hdfs, s3a …). Failures become {@link
 * StorageException}s that name the path.
 */
public final class Storage {
  /** How the hidden name of a file starts that is being written. */
  private static final String DRAFT = ".draft-";

  private final Configuration configuration;

  /** Uses the file systems of this Hadoop configuration. */
  public Storage(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The configuration in use. */
  public Configuration configuration() {
    return configuration;
  }

  /** The path with scheme and absolute: what records and messages show. */
  public Path qualified(String path) {
    Path given = new Path(path);
    return call(given, "reach", () -> fileSystem(given).makeQualified(given));
  }

  private FileSystem fileSystem(Path path) throws IOException {
    return path.getFileSystem(configuration);
  }

  /** The text of a file, if it exists. */
  public Optional<String> read(Path file) {
    return call(
        file,
        "read",
        () -> {
          try (FSDataInputStream in = fileSystem(file).open(file)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          } catch (FileNotFoundException e) {
            return Optional.empty();
          }
        });
  }

  /**
   * Writes a file that must not exist yet: the act that publishes. Readers find the whole file or
   * none, whenever its writer is killed: an object store shows a file when it is closed; elsewhere
   * it is written beside, under a hidden name, and gets its own name when it is whole.
   *
   * @return false if it exists already, with its content left alone
   */
  public boolean writeNew(Path file, String text) {
    return call(
        file,
        "write",
        () -> {
          FileSystem files = fileSystem(file);
          if (files.exists(file)) {
            return false;
          }
          if (files.hasPathCapability(file, CommonPathCapabilities.ABORTABLE_STREAM)) {
            return createWhole(files, file, text);
          }
          Path draft = new Path(file.getParent(), DRAFT + UUID.randomUUID() + "-" + file.getName());
          try {
            createWhole(files, draft, text);
            return name(files, draft, file);
          } finally {
            files.delete(draft, false);
          }
        });
  }

  /**
   * Gives a draft its name if that is free. A rename on a local disk would replace what is there.
   */
  private static boolean name(FileSystem files, Path draft, Path file) throws IOException {
    if (files instanceof LocalFileSystem local) {
      Files.deleteIfExists(local.pathToFile(local.getChecksumFile(file)).toPath());
      try {
        Files.createLink(local.pathToFile(file).toPath(), local.pathToFile(draft).toPath());
        return true;
      } catch (java.nio.file.FileAlreadyExistsException e) {
        return false;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // A disk without links: there two writers in the same instant may both be told true.
      }
    }
    boolean named = files.rename(draft, file);
    if (!named && !files.exists(file)) {
      throw new IOException("the storage refused to rename " + draft);
    }
    return named;
  }

  private static boolean createWhole(FileSystem files, Path file, String text) throws IOException {
    try (OutputStream out = files.create(file, false)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Writes a file, replacing what was there. */
  public void write(Path file, String text) {
    call(
        file,
        "write",
        () -> {
          try (OutputStream out = fileSystem(file).create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
          }
          return true;
        });
  }

  /** Opens a file for writing, replacing what was there. */
  public OutputStream create(Path file) {
    return call(file, "write", () -> fileSystem(file).create(file, true));
  }

  /** Makes a folder and those above it. */
  public void makeFolder(Path folder) {
    call(folder, "make", () -> fileSystem(folder).mkdirs(folder));
  }

  /** Deletes a file or a whole folder, if it exists. */
  public void delete(Path path) {
    call(path, "delete", () -> fileSystem(path).delete(path, true));
  }

  /** Whether a file or folder exists. */
  public boolean exists(Path path) {
    return call(path, "look at", () -> fileSystem(path).exists(path));
  }

  /** What lies directly in a folder, sorted by name; nothing if it does not exist. */
  public List<FileStatus> children(Path folder) {
    return call(
        folder,
        "list",
        () -> {
          try {
            List<FileStatus> found =
                new ArrayList<>(List.of(fileSystem(folder).listStatus(folder)));
            found.sort(Comparator.comparing(FileStatus::getPath));
            return found;
          } catch (FileNotFoundException e) {
            return List.of(); // On an object store it may be there again by now.
          } catch (IOException e) {
            return nothingIfGone(folder, e);
          }
        });
  }

  /**
   * All files below a folder, sorted by path, without those whose name or folder starts with {@code
   * _} or {@code .}; nothing if it does not exist.
   */
  public List<FileStatus> filesBelow(Path folder) {
    return call(
        folder,
        "list",
        () -> {
          List<FileStatus> found = new ArrayList<>();
          try {
            String root = fileSystem(folder).makeQualified(folder).toString();
            RemoteIterator<LocatedFileStatus> files = fileSystem(folder).listFiles(folder, true);
            while (files.hasNext()) {
              FileStatus file = files.next();
              if (!hidden(file.getPath().toString().substring(root.length()))) {
                found.add(file);
              }
            }
          } catch (IOException e) {
            return nothingIfGone(folder, e);
          }
          found.sort(Comparator.comparing(FileStatus::getPath));
          return found;
        });
  }

  /** A folder may be deleted while it is listed, which file systems tell in different ways. */
  private List<FileStatus> nothingIfGone(Path folder, IOException failure) throws IOException {
    if (fileSystem(folder).exists(folder)) {
      throw failure;
    }
    return List.of();
  }

  private static boolean hidden(String below) {
    for (String part : below.split("/")) {
      if (part.startsWith("_") || part.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The files that paths with globs stand for, sorted and each once.
   *
   * @param key the settings key of the paths, for the error
   * @throws DataException if one of them matches nothing
   */
  public List<InputFile> resolve(List<String> globs, String key) {
    List<InputFile> files = new ArrayList<>();
    for (String glob : globs) {
      Path path = new Path(glob);
      FileStatus[] matches = call(path, "list", () -> fileSystem(path).globStatus(path));
      int before = files.size();
      for (FileStatus match : matches == null ? new FileStatus[0] : matches) {
        if (match.isDirectory()) {
          String root = match.getPath().toString();
          filesBelow(match.getPath()).forEach(file -> files.add(inputFile(file, root)));
        } else {
          files.add(inputFile(match, match.getPath().getParent().toString()));
        }
      }
      if (files.size() == before) {
        throw new DataException(
            "%s: no file matches '%s' (%s). Mend the path in %s."
                .formatted(key, glob, qualified(withoutGlob(glob)), key));
      }
    }
    return files.stream()
        .sorted(Comparator.comparing(InputFile::path))
        .filter(distinctPaths())
        .toList();
  }

  private static java.util.function.Predicate<InputFile> distinctPaths() {
    java.util.Set<String> seen = new java.util.HashSet<>();
    return file -> seen.add(file.path());
  }

  private static String withoutGlob(String glob) {
    String[] parts = glob.split("/");
    StringBuilder plain = new StringBuilder(glob.startsWith("/") ? "/" : "");
    for (String part : parts) {
      if (part.matches(".*[*?{\\[].*")) {
        break;
      }
      if (!part.isEmpty()) {
        plain.append(part).append('/');
      }
    }
    return plain.isEmpty() ? "." : plain.toString();
  }

  private static InputFile inputFile(FileStatus file, String root) {
    return new InputFile(
        file.getPath().toString(), root, file.getLen(), file.getModificationTime());
  }

  private interface Action<T> {
    T call() throws IOException;
  }

  private static <T> T call(Path path, String verb, Action<T> action) {
    try {
      return action.call();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot %s %s: %s. Check that the storage is up, has room and lets this user in."
              .formatted(verb, path, reason(e)),
          e);
    }
  }

  /** The first line of what an exception says, never empty. */
  public static String reason(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }
}
