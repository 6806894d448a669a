package org.trainyard.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.pipeline.testing.FullDisk;

@DisplayName("Storage")
class StorageTest {
  @TempDir Path folder;
  private final Storage storage = new Storage(new Configuration());

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name : List.of("b.txt", "a.txt", "deep/c.txt", "_hidden", ".secret", "_x/d.txt")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
  }

  @Nested
  class Resolves {
    @Test
    void aFolderToAllItsFilesWithPathsBelowIt() {
      assertThat(storage.resolve(List.of(folder.toString()), "read.paths"))
          .extracting(InputFile::relativePath)
          .containsExactly("a.txt", "b.txt", "deep/c.txt");
    }

    @Test
    void overlappingGlobsToEachFileOnce() {
      assertThat(storage.resolve(List.of(folder + "/*.txt", folder + "/a*"), "read.paths"))
          .extracting(InputFile::relativePath)
          .containsExactly("a.txt", "b.txt");
    }

    @Test
    void nothingToAnErrorThatNamesTheKey() {
      assertThatThrownBy(() -> storage.resolve(List.of(folder + "/*.csv"), "read.paths"))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("read.paths: no file matches");
    }
  }

  @Nested
  class WritesANewFile {
    @Test
    void onlyOnce() {
      assertThat(storage.writeNew(path("new"), "first")).isTrue();
      assertThat(storage.writeNew(path("new"), "second")).isFalse();
      assertThat(storage.read(path("new"))).contains("first");
    }

    @Test
    void forOneOfManyWritersAtOnce() {
      long told =
          IntStream.range(0, 32)
              .parallel()
              .filter(writer -> storage.writeNew(path("one"), "by " + writer))
              .count();
      assertThat(told).isEqualTo(1);
      assertThat(storage.read(path("one")).orElseThrow()).startsWith("by ");
    }

    @Test
    void wholeOrNotAtAll() throws IOException {
      Configuration configuration = new Configuration();
      configuration.set("fs.fulldisk.impl", FullDisk.class.getName());
      Storage full = new Storage(configuration);
      org.apache.hadoop.fs.Path file =
          new org.apache.hadoop.fs.Path("fulldisk://" + folder.toAbsolutePath() + "/record.json");
      FullDisk.ROOM.set(3);
      try {
        assertThatThrownBy(() -> full.writeNew(file, "longer than the room"))
            .isInstanceOf(StorageException.class);
      } finally {
        FullDisk.ROOM.set(Long.MAX_VALUE);
      }
      assertThat(full.read(file)).isEmpty();
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left.map(Path::getFileName).map(Object::toString))
            .noneMatch(name -> name.contains("record.json"));
      }
      assertThat(full.writeNew(file, "longer than the room")).isTrue();
    }
  }

  @Test
  void readsNothingWhereNothingIs() {
    assertThat(storage.read(path("none"))).isEmpty();
    assertThat(storage.children(path("none"))).isEmpty();
    assertThat(storage.filesBelow(path("none"))).isEmpty();
  }
}
