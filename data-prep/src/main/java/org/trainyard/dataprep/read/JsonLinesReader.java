package org.trainyard.dataprep.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.trainyard.dataprep.read.FoundDocument.Fault;
import org.trainyard.dataprep.read.kernel.JsonFields;
import org.trainyard.dataprep.read.kernel.LineReader;
import org.trainyard.dataprep.read.kernel.Utf8;

/** Files with one JSON object a line; blank lines are none. */
final class JsonLinesReader implements DocumentReader {
  private final LineReader lines;
  private final DocumentFields fields;
  private final JsonFields json;
  private final int maxBytes;

  JsonLinesReader(LineReader lines, DocumentFields fields, int maxBytes) {
    this.lines = lines;
    this.fields = fields;
    this.json = new JsonFields(fields.names());
    this.maxBytes = maxBytes;
  }

  @Override
  public Optional<FoundDocument> next() throws IOException {
    while (lines.next()) {
      String place = "#" + lines.offset();
      if (lines.isTooLong()) {
        return Optional.of(
            FoundDocument.faulty(place, Fault.tooLarge(lines.fullLength(), maxBytes)));
      }
      if (!isBlank()) {
        return Optional.of(document(place));
      }
    }
    return Optional.empty();
  }

  private boolean isBlank() {
    for (int i = lines.from(); i < lines.to(); i++) {
      if (lines.bytes()[i] < 0 || lines.bytes()[i] > ' ') {
        return false;
      }
    }
    return true;
  }

  private FoundDocument document(String place) {
    int fault = Utf8.fault(lines.bytes(), lines.from(), lines.to());
    if (fault >= 0) {
      String detail = Utf8.describe(lines.bytes(), lines.from(), fault) + " in the line";
      return FoundDocument.faulty(place, new Fault(Fault.BROKEN_UTF8, detail));
    }
    try {
      json.read(lines.bytes(), lines.from(), lines.to());
    } catch (JsonFields.Fault e) {
      return FoundDocument.faulty(place, new Fault(Fault.BROKEN_JSON, e.getMessage()));
    }
    return withFields(place);
  }

  private FoundDocument withFields(String place) {
    Optional<Fault> fault = Optional.empty();
    if (!json.isText(DocumentFields.TEXT)) {
      fault = missing(DocumentFields.TEXT);
    } else if (fields.hasId() && json.value(DocumentFields.ID).isEmpty()) {
      fault = missing(DocumentFields.ID);
    } else {
      fault = loneSurrogate();
    }
    List<Optional<String>> kept = new ArrayList<>();
    for (int i = DocumentFields.FIRST_KEPT; i < fields.names().size(); i++) {
      kept.add(json.value(i));
    }
    return new FoundDocument(
            place,
            json.value(DocumentFields.ID),
            json.isText(DocumentFields.TEXT) ? json.value(DocumentFields.TEXT) : Optional.empty(),
            json.value(DocumentFields.LICENCE),
            kept,
            fault)
        .checked();
  }

  private Optional<Fault> missing(int field) {
    String detail = json.foundInstead(fields.names().get(field), field);
    return Optional.of(new Fault(Fault.MISSING_FIELD, detail));
  }

  private Optional<Fault> loneSurrogate() {
    for (int i = 0; i < fields.names().size(); i++) {
      if (json.value(i).map(Utf8::hasLoneSurrogate).orElse(false)) {
        String detail = "field '%s' holds half a surrogate pair".formatted(fields.names().get(i));
        return Optional.of(new Fault(Fault.BROKEN_JSON, detail));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
