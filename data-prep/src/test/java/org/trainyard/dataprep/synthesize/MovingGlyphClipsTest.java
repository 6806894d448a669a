package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.synthesize.kernel.MovingGlyphs;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.ConfigException;

@DisplayName("Moving glyphs")
class MovingGlyphClipsTest {
  private static final int PATCHES = 64;
  private static final int BLACK = 2;

  @TempDir Path folder;

  /** White pixels of a frame of a clip without grey ones. */
  private static int white(int[] tokens, int frame) {
    int white = 0;
    for (int token : Arrays.copyOfRange(tokens, PATCHES * frame, PATCHES * (frame + 1))) {
      for (int code = token - BLACK; code > 0; code /= 3) {
        white += code % 3 == 0 ? 0 : 1;
      }
    }
    return white;
  }

  @Test
  void showOneGlyphWholeInEveryFrame() {
    MovingGlyphs clips = new MovingGlyphs(1, 0);
    Map<Integer, Set<Integer>> whites = new HashMap<>();
    for (int index = 0; index < 200; index++) {
      int[] tokens = clips.tokens(index, MovingGlyphs.FRAMES, MovingGlyphs.SIDE);
      assertThat(tokens).hasSize(8 * PATCHES);
      assertThat(IntStream.of(tokens)).allMatch(id -> id >= BLACK && id < 83);
      for (int frame = 0; frame < MovingGlyphs.FRAMES; frame++) {
        whites
            .computeIfAbsent(clips.glyph(index), glyph -> new HashSet<>())
            .add(white(tokens, frame));
      }
    }
    assertThat(whites).hasSize(MovingGlyphs.glyphs());
    assertThat(whites.values()).allSatisfy(counts -> assertThat(counts).hasSize(1));
  }

  @Test
  void moveFromFrameToFrame() {
    int[] tokens = new MovingGlyphs(1, 0).tokens(3, 8, 16);
    Set<String> frames = new HashSet<>();
    for (int frame = 0; frame < 8; frame++) {
      frames.add(
          Arrays.toString(Arrays.copyOfRange(tokens, PATCHES * frame, PATCHES * (frame + 1))));
    }
    assertThat(frames).hasSizeGreaterThan(4);
  }

  @Test
  void areTheSameClipWithFewerFrames() {
    MovingGlyphs clips = new MovingGlyphs(1, 0.1);
    int[] whole = clips.tokens(5, 8, 16);
    int[] half = clips.tokens(5, 4, 16);
    for (int frame = 0; frame < 4; frame++) {
      assertThat(Arrays.copyOfRange(half, PATCHES * frame, PATCHES * (frame + 1)))
          .isEqualTo(Arrays.copyOfRange(whole, 2 * PATCHES * frame, PATCHES * (2 * frame + 1)));
    }
  }

  @Test
  void keepTheirBrightnessInCoarserPixels() {
    MovingGlyphs clips = new MovingGlyphs(1, 0);
    for (int index = 0; index < 20; index++) {
      int[] coarse = clips.tokens(index, 1, 8);
      assertThat(coarse).hasSize(16);
      assertThat(IntStream.of(coarse)).allMatch(id -> id >= BLACK && id < 83);
      assertThat(IntStream.of(coarse)).anyMatch(id -> id > BLACK);
    }
    assertThat(clips.tokens(0, 2, 12)).hasSize(MovingGlyphs.units(2, 12)).hasSize(72);
  }

  @Test
  void makeATokenTableOfClipsAndImages() {
    TestPipeline run =
        TestPipeline.run(
            folder, "clips: {use: moving-glyphs, count: 400, first: 7, images: 0.7, side: 12}");
    List<Row> rows = run.rows("clips", "rows");
    assertThat(rows).hasSize(400);
    int images = 0;
    for (Row row : rows) {
      int frames = row.getAs(MovingGlyphClips.FRAMES);
      assertThat(row.<Integer>getAs(TokenTable.LENGTH)).isEqualTo(36 * frames);
      images += frames == 1 ? 1 : 0;
    }
    // 280 expected; four standard deviations are 37.
    assertThat(images).isBetween(243, 317);
    assertThat(TokenTable.labels(run.table("clips", "rows").schema(), "clips")).hasSize(8);
  }

  @Test
  void refuseASideThatPatchesDoNotFill() {
    assertThatThrownBy(() -> TestPipeline.run(folder, "clips: {use: moving-glyphs, side: 11}"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("clips.side: must be even, as a token is 2 × 2 pixels, but is 11");
  }
}
