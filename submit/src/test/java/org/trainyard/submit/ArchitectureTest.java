package org.trainyard.submit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.DataFrameStatFunctions;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Dataset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.stage.Source;
import org.trainyard.pipeline.stage.Stage;

@DisplayName("The classes of all modules")
class ArchitectureTest {
  private static final JavaClasses CLASSES = Modules.classes();

  private static final String PIPELINE = "org.trainyard.pipeline..";
  private static final String DATA_PREP = "org.trainyard.dataprep..";
  private static final String TRAINING = "org.trainyard.training..";
  private static final String EVALUATION = "org.trainyard.evaluation..";

  @Nested
  class KnowOnlyWhatLiesBelow {
    @Test
    void pipelineIsTheGroundFloor() {
      none(PIPELINE, DATA_PREP, TRAINING, EVALUATION);
    }

    @Test
    void dataPrepKnowsOnlyPipeline() {
      none(DATA_PREP, TRAINING, EVALUATION);
    }

    @Test
    void trainingKnowsOnlyPipeline() {
      none(TRAINING, DATA_PREP, EVALUATION);
    }

    @Test
    void evaluationDoesNotKnowDataPrep() {
      none(EVALUATION, DATA_PREP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "dataprep", "training", "evaluation"})
    void packagesOfAModuleFormNoCycle(String module) {
      slices()
          .matching("org.trainyard." + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          .allowEmptyShould(true)
          .check(CLASSES);
    }

    private void none(String from, String... to) {
      noClasses()
          .that()
          .resideInAPackage(from)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(to)
          .check(CLASSES);
    }
  }

  @Test
  void knowNoSparkInKernels() {
    noClasses()
        .that()
        .resideInAPackage("..kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .because("a kernel is plain Java: tested and measured without a cluster")
        .check(CLASSES);
  }

  @Test
  void knowDeeplearning4jInOnePackageOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.trainyard.training.dl4j..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.datavec..")
        .because("a second engine must slip in without touching anything else")
        .check(CLASSES);
  }

  @Test
  void onlyPlanInStagesAndSources() {
    classes()
        .that()
        .areAssignableTo(Stage.class)
        .or()
        .areAssignableTo(Source.class)
        .should(new RunNoSparkAction())
        .because("a stage is a pure function on datasets; writes and counts are the runner's")
        .check(CLASSES);
  }

  @Test
  void endTheJvmAtTheEntryPointOnly() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Trainyard.class)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .because("exit codes are a contract with the scheduler")
        .check(CLASSES);
  }

  /** Follows calls from a class through our own code, as far as they are known when compiled. */
  private static final class RunNoSparkAction extends ArchCondition<JavaClass> {
    private static final Set<String> ACTIONS =
        Set.of(
            "cache",
            "checkpoint",
            "collect",
            "collectAsList",
            "count",
            "countApprox",
            "first",
            "fold",
            "foreach",
            "foreachPartition",
            "head",
            "isEmpty",
            "localCheckpoint",
            "max",
            "min",
            "persist",
            "reduce",
            "show",
            "tail",
            "take",
            "takeAsList",
            "takeOrdered",
            "toLocalIterator",
            "top",
            "treeAggregate",
            "treeReduce",
            "unpersist",
            "write",
            "writeStream",
            "writeTo");

    RunNoSparkAction() {
      super("run no Spark action");
    }

    @Override
    public void check(JavaClass stage, ConditionEvents events) {
      Deque<JavaCodeUnit> open = new ArrayDeque<>(stage.getCodeUnits());
      Set<JavaCodeUnit> seen = new HashSet<>(open);
      while (!open.isEmpty()) {
        for (JavaAccess<?> access : accesses(open.remove())) {
          if (isAction(access.getTarget())) {
            String found = stage.getName() + " plans by: " + access.getDescription();
            events.add(SimpleConditionEvent.violated(stage, found));
          }
          ours(access.getTarget()).filter(seen::add).forEach(open::add);
        }
      }
    }

    private static Iterable<JavaAccess<?>> accesses(JavaCodeUnit unit) {
      Set<JavaAccess<?>> all = new HashSet<>(unit.getCallsFromSelf());
      all.addAll(unit.getCodeUnitReferencesFromSelf());
      return all;
    }

    private static Stream<JavaCodeUnit> ours(AccessTarget target) {
      return target.getOwner().getPackageName().startsWith("org.trainyard")
          ? target.resolveMember().stream().map(JavaCodeUnit.class::cast)
          : Stream.empty();
    }

    private static boolean isAction(AccessTarget target) {
      JavaClass owner = target.getOwner();
      return owner.isAssignableTo(DataFrameWriter.class)
          || owner.isAssignableTo(DataFrameWriterV2.class)
          || owner.isAssignableTo(DataFrameStatFunctions.class)
          || (isDataset(owner) && ACTIONS.contains(target.getName()));
    }

    private static boolean isDataset(JavaClass owner) {
      return owner.isAssignableTo(Dataset.class)
          || owner.isAssignableTo(RDD.class)
          || owner.isAssignableTo(JavaRDDLike.class);
    }
  }
}
