package org.trainyard.dataprep.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.Yaml;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.technique.Settings;

@DisplayName("The plan of slices")
class SlicePlanTest {
  private static final long GIGABYTE = 1L << 30;

  private static List<SlicePlan.Share> shares(List<InputFile> files, int slots) {
    ObjectNode block = (ObjectNode) Yaml.parse("{paths: [x], slice-bytes: 67108864}");
    ReadDocumentsSettings settings = Settings.bind(block, ReadDocumentsSettings.class, "").value();
    return new SlicePlan(settings).shares(files, slots);
  }

  private static InputFile file(String name, long bytes) {
    return new InputFile("hdfs://lake/in/" + name, "hdfs://lake/in", bytes, 0);
  }

  private static List<Slice> slices(List<SlicePlan.Share> shares) {
    return shares.stream().flatMap(share -> share.slices().stream()).toList();
  }

  @Test
  void cutsALargeLineFileIntoManyTasksWithoutAGap() {
    List<SlicePlan.Share> shares = shares(List.of(file("a.jsonl", 100 * GIGABYTE + 1)), 8);
    assertThat(shares).hasSize(1601);
    List<Slice> slices = slices(shares);
    assertThat(slices.get(0).start()).isZero();
    for (int i = 1; i < slices.size(); i++) {
      assertThat(slices.get(i).start()).isEqualTo(slices.get(i - 1).end());
    }
    assertThat(slices.get(1600).end()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void leavesCompressedFilesAndDocumentsWhole() {
    List<InputFile> files =
        List.of(file("a.jsonl.gz", GIGABYTE), file("b.txt", GIGABYTE), file("c.html", GIGABYTE));
    assertThat(shares(files, 8)).hasSize(3).allMatch(share -> share.slices().size() == 1);
  }

  @Test
  void putsManySmallFilesIntoOneTask() {
    List<InputFile> files =
        IntStream.range(0, 10_000).mapToObj(i -> file(i + ".html", 20_000)).toList();
    List<SlicePlan.Share> shares = shares(files, 2);
    assertThat(slices(shares)).hasSize(10_000);
    assertThat(shares).hasSizeBetween(6, 40);
  }

  @Test
  void givesEverySlotWorkOfAMiddlingFile() {
    assertThat(shares(List.of(file("a.parquet", 32 << 20)), 4)).hasSize(13);
  }
}
