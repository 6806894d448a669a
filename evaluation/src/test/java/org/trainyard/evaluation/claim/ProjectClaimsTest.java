package org.trainyard.evaluation.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.cli.PipelineOptions;
import org.trainyard.pipeline.config.PipelineFile;

@DisplayName("The claims that come with the project")
class ProjectClaimsTest {
  private static final Collection<ClaimFile> CLAIMS =
      ClaimFile.read(PipelineOptions.storage(), "../conf/claims", List.of());

  @Test
  void coverTheirPapers() {
    assertThat(CLAIMS)
        .extracting(found -> found.claim().paper().replaceAll(",.*", ""))
        .contains("117", "124", "21");
  }

  @Test
  void haveSeedsEnoughForAVerdict() {
    assertThat(CLAIMS)
        .allSatisfy(
            found ->
                assertThat(found.claim().seeds())
                    .hasSizeGreaterThanOrEqualTo(Verdict.FEWEST_SEEDS));
  }

  @Test
  void sayWhatTheyDoNotShow() {
    assertThat(CLAIMS).allSatisfy(found -> assertThat(found.claim().limits()).isNotEmpty());
  }

  @Test
  void overrideAndMeasureStepsOfTheirPipelines() {
    for (ClaimFile found : CLAIMS) {
      for (Map<String, String> overrides : found.claim().arms().values()) {
        PipelineFile file = PipelineOptions.read(found.pipeline(), overrides);
        for (Claim.Comparison test : found.claim().tests()) {
          assertThat(file.steps()).as(found.name()).containsKey(test.metric().split("\\.")[0]);
        }
      }
    }
  }
}
