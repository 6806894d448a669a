package org.trainyard.dataprep.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which fields of a record make a document, in a fixed order: text, id, licence, then those that
 * are kept.
 *
 * @param names the fields; an empty name is a field that is not asked for
 */
record DocumentFields(List<String> names) implements Serializable {
  static final int TEXT = 0;
  static final int ID = 1;
  static final int LICENCE = 2;
  static final int FIRST_KEPT = 3;

  static DocumentFields of(ReadDocumentsSettings settings) {
    List<String> names =
        new ArrayList<>(List.of(settings.textField(), settings.idField(), settings.licenceField()));
    KeptField.all(settings.keepFields()).forEach(kept -> names.add(kept.field()));
    return new DocumentFields(List.copyOf(names));
  }

  boolean hasId() {
    return !names.get(ID).isEmpty();
  }
}
