package org.trainyard.dataprep.read;

import java.util.List;
import java.util.Optional;

/**
 * A document as it was found in a file.
 *
 * @param place what follows the file's name in an id made of places; empty if the file is the
 *     document
 * @param id its own id, if it has one
 * @param text what it says; empty text where it could not be read
 * @param licence its own licence, if it has one
 * @param kept values of the fields that are kept, as many as there are; empty list: none
 * @param fault why it is rejected, if it is
 */
record FoundDocument(
    String place,
    Optional<String> id,
    Optional<String> text,
    Optional<String> licence,
    List<Optional<String>> kept,
    Optional<Fault> fault) {

  /**
   * Why a document is rejected.
   *
   * @param reason a code
   * @param detail what was found
   */
  record Fault(String reason, String detail) {
    static final String BROKEN_UTF8 = "broken-utf8";
    static final String BROKEN_JSON = "broken-json";
    static final String MISSING_FIELD = "missing-field";
    static final String EMPTY = "empty";
    static final String TOO_LARGE = "too-large";

    static Fault tooLarge(long bytes, int limit) {
      return new Fault(TOO_LARGE, "%d bytes, at most %d allowed".formatted(bytes, limit));
    }
  }

  /** A document of which nothing but its fault is known. */
  static FoundDocument faulty(String place, Fault fault) {
    return new FoundDocument(
        place, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.of(fault));
  }

  /** A document that is nothing but text; blank text is a fault. */
  static FoundDocument plain(String place, String text) {
    return new FoundDocument(
            place,
            Optional.empty(),
            Optional.of(text),
            Optional.empty(),
            List.of(),
            Optional.empty())
        .checked();
  }

  /** The same, with a fault if there is no text in it. */
  FoundDocument checked() {
    if (fault.isPresent() || !text.orElse("").isBlank()) {
      return this;
    }
    return new FoundDocument(
        place,
        id,
        text,
        licence,
        kept,
        Optional.of(new Fault(Fault.EMPTY, "no character but white space")));
  }
}
