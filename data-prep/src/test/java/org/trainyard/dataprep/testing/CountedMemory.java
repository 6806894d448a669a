package org.trainyard.dataprep.testing;

import java.util.List;
import java.util.Optional;
import org.trainyard.pipeline.batch.MemoryProbe;
import org.trainyard.pipeline.batch.MemoryProbeTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;

/** A model whose memory is known: so many bytes for each unit off the heap, none on it. */
@Card(name = "counted-memory", what = "Asks a formula.")
public final class CountedMemory implements MemoryProbeTechnique<CountedMemory.Settings> {

  /** Its settings. */
  public record Settings(@Setting(help = "Bytes of a unit.") long bytesPerUnit) {}

  @Override
  public Class<Settings> settings() {
    return Settings.class;
  }

  @Override
  public MemoryProbe create(Settings settings) {
    return new Probe(settings.bytesPerUnit());
  }

  private record Probe(long bytesPerUnit) implements MemoryProbe {
    @Override
    public String subject(Data data) {
      return "%d bytes a unit of %s".formatted(bytesPerUnit, data);
    }

    @Override
    public Trials open(Data data, Memory limit) {
      return new Trials() {
        @Override
        public Optional<Memory> run(List<Shape> shapes) {
          return shapes.stream()
              .map(shape -> new Memory(0, bytesPerUnit * shape.rows() * shape.units()))
              .reduce(Memory::max)
              .filter(taken -> taken.within(limit));
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };
    }
  }
}
