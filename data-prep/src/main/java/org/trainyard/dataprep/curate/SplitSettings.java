package org.trainyard.dataprep.curate;

import org.trainyard.pipeline.config.Check;
import org.trainyard.pipeline.technique.Setting;

/** Settings of {@link Split}. */
public record SplitSettings(
    @Setting(
            help = "Share of rows (of groups, where by is one) that is held out.",
            standard = "0.1",
            min = 0,
            max = 1)
        double heldOut,
    @Setting(
            help =
                "Column whose equal values stay on one side, such as source or cluster; rows without"
                    + " a value go by their id.",
            standard = "id")
        String by,
    @Setting(help = "Another seed, another split.") long seed) {

  /** Checks that both sides can hold something. */
  public SplitSettings {
    Check.require(
        heldOut > 0 && heldOut < 1, "held-out", "must be between 0 and 1, but is %s", heldOut);
    Check.require(!by.isBlank(), "by", "must name a column, such as id");
  }
}
