package org.trainyard.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.PipelineFile;

@DisplayName("The run graph")
class GraphTest {

  private static Graph graph(String steps) {
    return Graph.of(PipelineFile.parse("name: n\noutput: o\nsteps:\n" + steps.indent(2), Map.of()));
  }

  @Nested
  class FusesStages {
    @Test
    void thatFollowOneAnother() {
      Graph graph =
          graph(
              """
              numbers: {use: test-numbers}
              even: {use: test-divisible}
              thirds: {use: test-divisible, by: 3}
              total: {use: test-sum}
              """);
      assertThat(graph.units())
          .extracting(Unit::title)
          .containsExactly("numbers", "even + thirds", "total");
    }

    @Test
    void butNotWhereTwoStepsRead() {
      Graph graph =
          graph(
              """
              numbers: {use: test-numbers}
              even: {use: test-divisible}
              thirds: {use: test-divisible, by: 3, from: numbers}
              total: {use: test-sum, from: {numbers: even, more: thirds}}
              """);
      assertThat(graph.units())
          .extracting(Unit::title)
          .containsExactly("numbers", "even", "thirds", "total");
    }
  }

  @Nested
  class Refuses {
    private void refused(String steps, String message) {
      assertThatThrownBy(() -> graph(steps))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(message);
    }

    @Test
    void anUnknownTechnique() {
      refused("numbers: {use: test-number}", "numbers.use: 'test-number' is unknown, did you mean");
    }

    @Test
    void aStepThatIsNotThereYet() {
      refused(
          "even: {use: test-divisible, from: numbers}", "step 'numbers' is not an earlier step");
    }

    @Test
    void anInputThatIsNotConnected() {
      refused("total: {use: test-sum}", "total.from: input 'numbers' is not connected");
    }

    @Test
    void anArtifactWhereATableIsWanted() {
      refused(
          """
          numbers: {use: test-numbers}
          total: {use: test-sum}
          even: {use: test-divisible, from: total}
          """,
          "'total' is an artifact, but input 'rows' wants a table");
    }

    @Test
    void aColumnThatIsNotThere() {
      refused(
          """
          numbers: {use: test-numbers}
          even: {use: test-divisible, column: numeral}
          """,
          "even: needs the column 'numeral', but numbers.rows has [number, id, licence]");
    }

    @Test
    void aColumnOfAnotherType() {
      refused(
          """
          numbers: {use: test-numbers}
          even: {use: test-divisible, column: id}
          """,
          "needs the column 'id' as bigint, but in numbers.rows it is string");
    }

    @Test
    void aWrongShareOfRejects() {
      refused(
          "numbers: {use: test-numbers, max-rejects: 2}",
          "numbers.max-rejects: must be a share of the rows");
    }
  }

  @Test
  void namesOneOutputOfAJob() {
    Graph graph =
        graph(
            """
            numbers: {use: test-numbers}
            total: {use: test-sum}
            even: {use: test-divisible, from: total.copy}
            """);
    assertThat(graph.steps().get("even").inputs())
        .containsEntry("rows", new Reference("total", "copy"));
  }
}
