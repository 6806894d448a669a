package org.trainyard.dataprep.synthesize.kernel;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.trainyard.pipeline.batch.kernel.Permutation;

/**
 * Questions with candidate answers, each a function of seed and number alone. A question asks for a
 * kind of thing (who, when, …) in a field; an answer is relevant if it is of that field and names a
 * thing of that kind. Retrieval by words sees the field only, and only where question and answer
 * say it by the same word: so answers of the right field that name another kind of thing score
 * high, and relevant ones that say the field by other words score low.
 *
 * @param seed of everything that is drawn
 * @param hard share of the other answers that are of the right field
 */
public record AnswerRanking(long seed, double hard) implements Serializable {
  private static final int FIELDS = 12;
  private static final int KINDS = 4;
  private static final int WORDS_OF_FIELD = 4;
  private static final int WORDS_OF_KIND = 12;
  private static final int FILLERS = 200;

  /** Words of an answer. */
  private static final int WORDS = 14;

  /** Words of an answer that say its field. */
  private static final int FIELD_WORDS = 3;

  /** Saturation of BM25. */
  private static final double K1 = 1.2;

  /** The first ids are padding, begin, and what stands between question and answer. */
  private static final int SPECIAL = 3;

  private static final int BETWEEN = 2;
  private static final int ASKED_KIND = SPECIAL;
  private static final int ASKED_FIELD = ASKED_KIND + KINDS;
  private static final int FIELD = ASKED_FIELD + FIELDS * WORDS_OF_FIELD;
  private static final int KIND = FIELD + FIELDS * WORDS_OF_FIELD;
  private static final int FILLER = KIND + KINDS * WORDS_OF_KIND;

  /** Number of token ids. */
  public static final int VOCABULARY = FILLER + FILLERS;

  /**
   * A question with one candidate.
   *
   * @param tokens question, then answer; a word has one id in questions and another in answers
   * @param score BM25 up to a factor: all words of a field are equally rare, all answers equally
   *     long
   */
  public record Candidate(int[] tokens, double score, boolean relevant) {}

  /**
   * A candidate of a question.
   *
   * @param number of the candidate; 0 is the relevant one
   */
  public Candidate candidate(long question, int number) {
    SplittableRandom asks = new SplittableRandom(bits(question, -1));
    int kind = asks.nextInt(KINDS);
    int field = asks.nextInt(FIELDS);
    int said = asks.nextInt(WORDS_OF_FIELD);
    SplittableRandom answers = new SplittableRandom(bits(question, number));
    boolean relevant = number == 0;
    boolean rightField = relevant || answers.nextDouble() < hard;
    int itsField = rightField ? field : other(answers, field, FIELDS);
    int itsKind =
        relevant ? kind : rightField ? other(answers, kind, KINDS) : answers.nextInt(KINDS);
    int[] tokens = new int[3 + WORDS];
    tokens[0] = ASKED_KIND + kind;
    tokens[1] = ASKED_FIELD + field * WORDS_OF_FIELD + said;
    tokens[2] = BETWEEN;
    for (int at = 0; at < WORDS; at++) {
      tokens[3 + at] = FILLER + answers.nextInt(FILLERS);
    }
    Permutation places = new Permutation(WORDS, answers.nextLong());
    tokens[3 + (int) places.at(0)] =
        KIND + itsKind * WORDS_OF_KIND + answers.nextInt(WORDS_OF_KIND);
    int same = 0;
    for (int at = 1; at <= FIELD_WORDS; at++) {
      int word = answers.nextInt(WORDS_OF_FIELD);
      tokens[3 + (int) places.at(at)] = FIELD + itsField * WORDS_OF_FIELD + word;
      same += itsField == field && word == said ? 1 : 0;
    }
    return new Candidate(tokens, same * (K1 + 1) / (same + K1), relevant);
  }

  /** A number below {@code count} that is not this one. */
  private static int other(SplittableRandom random, int than, int count) {
    return (than + 1 + random.nextInt(count - 1)) % count;
  }

  private long bits(long question, int part) {
    return Permutation.mix(Permutation.mix(Permutation.mix(seed) + question) + part);
  }
}
