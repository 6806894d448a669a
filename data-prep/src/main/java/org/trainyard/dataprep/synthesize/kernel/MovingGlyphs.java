package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Clips of a letter that moves over a noisy ground, each a function of seed and index alone. A clip
 * has {@value #FRAMES} frames of {@value #SIDE} × {@value #SIDE} pixels, black or white; it can be
 * seen in a coarser shape too: fewer frames, further apart, and fewer, larger pixels. The same
 * index is the same clip in every shape.
 *
 * @param seed of everything that is drawn
 * @param noise share of the pixels that are inverted, 0 to 0.5
 */
public record MovingGlyphs(long seed, double noise) implements Serializable {
  /** Frames of a clip. */
  public static final int FRAMES = 8;

  /** Height and width of a frame, pixels. */
  public static final int SIDE = 16;

  /** Height and width of the square of pixels that becomes one token. */
  public static final int PATCH = 2;

  /** Grey levels of a pixel: a coarse pixel may be partly covered. */
  private static final int LEVELS = 3;

  /** The first ids are padding and begin. */
  private static final int SPECIAL = 2;

  /** Number of token ids. */
  public static final int VOCABULARY = SPECIAL + LEVELS * LEVELS * LEVELS * LEVELS;

  private static final int GLYPH_SIDE = 6;

  private static final String[] GLYPHS = {
    "###### ###### ##.... ##.... ###### ######",
    "#....# #....# ###### ###### #....# #....#",
    "..##.. ..##.. ..##.. ..##.. ..##.. ..##..",
    "###### ###### ..##.. ..##.. ..##.. ..##..",
    "##..## ##..## ##..## ##..## ##..## ##..##",
    "#.#.#. .#.#.# #.#.#. .#.#.# #.#.#. .#.#.#",
    "###### #....# #.##.# #.##.# #....# ######",
    "##.... .##... ..##.. ...##. ....## .....#",
  };

  /** Number of letters. */
  public static int glyphs() {
    return GLYPHS.length;
  }

  /** Units of a clip in a shape: tokens of all its frames. */
  public static int units(int frames, int side) {
    return frames * (side / PATCH) * (side / PATCH);
  }

  /** Which letter moves in a clip, 0 to {@link #glyphs} - 1. */
  public int glyph(long index) {
    return (int) Long.remainderUnsigned(bits(index, 0), GLYPHS.length);
  }

  /** Whether a clip belongs to a share of all, drawn by its index. */
  public boolean within(long index, double share) {
    return (bits(index, 1) >>> 11) * 0x1p-53 < share;
  }

  /**
   * A clip as tokens, frame by frame, each from left to right and from the top down: a token is a
   * square of {@value #PATCH} × {@value #PATCH} pixels.
   *
   * @param frames how many, 1 to {@value #FRAMES}; spread evenly over the clip
   * @param side height and width, even, 2 to {@value #SIDE}; a pixel is the mean of what it covers
   * @return ids from 2 on, as many as {@link #units}
   */
  public int[] tokens(long index, int frames, int side) {
    boolean[][] glyph = bitmap(GLYPHS[glyph(index)]);
    SplittableRandom random = new SplittableRandom(bits(index, 2));
    int range = SIDE - GLYPH_SIDE;
    int x = random.nextInt(range + 1);
    int y = random.nextInt(range + 1);
    int dx = random.nextInt(-1, 2);
    int dy = dx == 0 ? 1 - 2 * random.nextInt(2) : random.nextInt(-1, 2);
    int[] tokens = new int[units(frames, side)];
    int at = 0;
    int taken = 0;
    for (int frame = 0; frame < FRAMES && taken < frames; frame++) {
      double[][] pixels = new double[SIDE][SIDE];
      for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
          int top = row - reflected(y + dy * frame, range);
          int left = column - reflected(x + dx * frame, range);
          boolean white =
              top >= 0 && top < GLYPH_SIDE && left >= 0 && left < GLYPH_SIDE && glyph[top][left];
          pixels[row][column] = white ^ random.nextDouble() < noise ? 1 : 0;
        }
      }
      if (frame == taken * FRAMES / frames) {
        at = patches(pixels, side, tokens, at);
        taken++;
      }
    }
    return tokens;
  }

  private static int patches(double[][] pixels, int side, int[] tokens, int from) {
    int at = from;
    for (int row = 0; row < side; row += PATCH) {
      for (int column = 0; column < side; column += PATCH) {
        int code = 0;
        for (int pixel = 0; pixel < PATCH * PATCH; pixel++) {
          double grey = mean(pixels, row + pixel / PATCH, column + pixel % PATCH, side);
          code = code * LEVELS + (int) Math.min(LEVELS - 1, grey * LEVELS);
        }
        tokens[at++] = SPECIAL + code;
      }
    }
    return at;
  }

  /** Mean of the pixels under a coarser one, by area. */
  private static double mean(double[][] pixels, int row, int column, int side) {
    double scale = (double) SIDE / side;
    double sum = 0;
    for (int y = (int) (row * scale); y < Math.min(SIDE, (row + 1) * scale); y++) {
      for (int x = (int) (column * scale); x < Math.min(SIDE, (column + 1) * scale); x++) {
        sum += pixels[y][x] * overlap(y, row * scale, scale) * overlap(x, column * scale, scale);
      }
    }
    return sum / (scale * scale);
  }

  /** Length of the part of [at, at + 1] in [from, from + length]. */
  private static double overlap(int at, double from, double length) {
    return Math.max(0, Math.min(at + 1, from + length) - Math.max(at, from));
  }

  /** A place on a line of this length with walls at both ends. */
  private static int reflected(int place, int length) {
    int folded = Math.floorMod(place, 2 * length);
    return folded <= length ? folded : 2 * length - folded;
  }

  private static boolean[][] bitmap(String glyph) {
    String[] rows = glyph.split(" ");
    boolean[][] bitmap = new boolean[GLYPH_SIDE][GLYPH_SIDE];
    for (int row = 0; row < GLYPH_SIDE; row++) {
      for (int column = 0; column < GLYPH_SIDE; column++) {
        bitmap[row][column] = rows[row].charAt(column) == '#';
      }
    }
    return bitmap;
  }

  private long bits(long index, int stream) {
    return Permutation.mix(Permutation.mix(Permutation.mix(seed) + stream) + index);
  }
}
