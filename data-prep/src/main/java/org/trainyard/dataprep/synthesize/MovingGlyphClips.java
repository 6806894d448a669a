package org.trainyard.dataprep.synthesize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.trainyard.dataprep.synthesize.kernel.MovingGlyphs;
import org.trainyard.dataprep.tokenize.TokenTable;
import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.record.InputFile;
import org.trainyard.pipeline.stage.Columns;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A token table of small clips, made up. */
@Card(
    name = "moving-glyphs",
    what = "Makes up clips and still images of a moving letter, as tokens, in any coarser shape.",
    how =
        """
        A clip has 8 frames of 16 × 16 pixels, a token is 2 × 2 of them, the label is the letter. With fewer frames \
        or a smaller side, clip number n of a seed is the same clip seen more coarsely, with fewer tokens: the \
        shapes of the multigrid method, for the feed in-turn. Hold out clips by a `first` that training never \
        reaches.""",
    avoid = "A toy: no camera moves, nothing is ever hidden.",
    papers = "A Multigrid Method for Efficiently Training Video Models (arXiv 1912.00998)")
public final class MovingGlyphClips implements SourceTechnique<MovingGlyphClips.Settings> {
  /** Frames of a clip; 1 of an image. */
  static final String FRAMES = "frames";

  /** Its settings. */
  public record Settings(
      @Setting(help = "Number of clips.", standard = "2000", min = 1) long count,
      @Setting(help = "Number of the first clip.", standard = "0", min = 0) long first,
      @Setting(
              help = "Frames that are seen of each clip, spread evenly.",
              standard = "8",
              min = 1,
              max = MovingGlyphs.FRAMES)
          int frames,
      @Setting(
              help = "Height and width that a frame is seen in, pixels; even.",
              standard = "16",
              min = MovingGlyphs.PATCH,
              max = MovingGlyphs.SIDE)
          int side,
      @Setting(
              help = "Share of the clips of which one frame is seen only: still images.",
              standard = "0",
              min = 0,
              max = 1)
          double images,
      @Setting(help = "Share of inverted pixels.", standard = "0.05", min = 0, max = 0.5)
          double noise,
      @Setting(help = "Decides every clip.") long seed)
      implements Serializable {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public Source create(Settings settings) {
    Check.require(
        settings.side() % MovingGlyphs.PATCH == 0,
        "side",
        "must be even, as a token is %d × %d pixels, but is %d",
        MovingGlyphs.PATCH,
        MovingGlyphs.PATCH,
        settings.side());
    return new Clips(settings);
  }

  private record Clips(Settings settings) implements Source {

    @Override
    public List<String> paths() {
      return List.of();
    }

    @Override
    public Columns columns() {
      return new Columns(
          new StructType(), made().add(TokenTable.EXAMPLE_ID, DataTypes.LongType), List.of());
    }

    private static StructType made() {
      return new StructType()
          .add(TokenTable.ID, DataTypes.StringType)
          .add(TokenTable.TOKENS, DataTypes.createArrayType(DataTypes.IntegerType))
          .add(TokenTable.LENGTH, DataTypes.IntegerType)
          .add(TokenTable.BYTES, DataTypes.IntegerType)
          .add(TokenTable.LABEL, DataTypes.IntegerType)
          .add(FRAMES, DataTypes.IntegerType);
    }

    @Override
    public Dataset<Row> open(SparkSession spark, List<InputFile> files) {
      Settings own = settings;
      MovingGlyphs clips = new MovingGlyphs(own.seed(), own.noise());
      MapFunction<Long, Row> draw = index -> clip(clips, index, own);
      Dataset<Row> rows =
          spark
              .range(own.first(), own.first() + own.count())
              .as(Encoders.LONG())
              .map(draw, Encoders.row(made()))
              .withColumn(TokenTable.EXAMPLE_ID, xxhash64(col(TokenTable.ID)));
      List<String> names =
          IntStream.range(0, MovingGlyphs.glyphs()).mapToObj(at -> "glyph-" + at).toList();
      return TokenTable.describeLabels(
          TokenTable.describe(
              rows, new TokenTable.Facts(MovingGlyphs.VOCABULARY, 1, 0, "moving-glyphs")),
          names);
    }
  }

  private static Row clip(MovingGlyphs clips, long index, Settings settings) {
    int frames = clips.within(index, settings.images()) ? 1 : settings.frames();
    int[] tokens = clips.tokens(index, frames, settings.side());
    return RowFactory.create(
        "clip-" + index,
        tokens,
        tokens.length,
        frames * settings.side() * settings.side(),
        clips.glyph(index),
        frames);
  }
}
