package org.trainyard.evaluation.report;

import java.util.List;
import org.trainyard.evaluation.report.chart.Element;

/** One part of the page, under one heading. */
interface Section {

  /** Its heading, and the anchor's name. */
  String title();

  /** What stands under the heading; nothing if the run has nothing to say of it. */
  List<Element> content(Facts facts);
}
