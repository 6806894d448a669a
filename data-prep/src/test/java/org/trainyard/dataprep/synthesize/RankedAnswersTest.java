package org.trainyard.dataprep.synthesize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trainyard.dataprep.synthesize.kernel.AnswerRanking;
import org.trainyard.dataprep.testing.TestPipeline;
import org.trainyard.dataprep.tokenize.TokenTable;

@DisplayName("Ranked answers")
class RankedAnswersTest {
  @TempDir Path folder;

  @Test
  void haveOneRelevantCandidateAQuestionInOneGroup() {
    TestPipeline run =
        TestPipeline.run(folder, "answers: {use: ranked-answers, questions: 30, candidates: 6}");
    List<Row> rows = run.rows("answers", "rows");
    assertThat(rows).hasSize(180);
    Set<Long> groups = new HashSet<>();
    for (Row row : rows) {
      groups.add(row.getAs(TokenTable.GROUP_ID));
      assertThat(row.<Integer>getAs(TokenTable.LABEL))
          .isEqualTo(row.<String>getAs(TokenTable.ID).endsWith("#0") ? 1 : 0);
    }
    assertThat(groups).hasSize(30);
  }

  @Test
  void areHardWhereTheFieldIsRightOnly() {
    double hard = 0;
    double easy = 0;
    double relevant = 0;
    AnswerRanking right = new AnswerRanking(3, 1);
    AnswerRanking wrong = new AnswerRanking(3, 0);
    for (int question = 0; question < 500; question++) {
      hard += right.candidate(question, 1).score();
      easy += wrong.candidate(question, 1).score();
      relevant += right.candidate(question, 0).score();
    }
    assertThat(easy).isZero();
    assertThat(hard / relevant).isBetween(0.85, 1.15);
  }

  @Test
  void askTheSameQuestionOfAllItsCandidates() {
    AnswerRanking ranking = new AnswerRanking(3, 0.4);
    int[] one = ranking.candidate(8, 0).tokens();
    int[] other = ranking.candidate(8, 5).tokens();
    assertThat(List.of(one[0], one[1], one[2])).isEqualTo(List.of(other[0], other[1], other[2]));
    assertThat(IntStream.of(one)).allMatch(id -> id > 1 && id < AnswerRanking.VOCABULARY);
  }
}
