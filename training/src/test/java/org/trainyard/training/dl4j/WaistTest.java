package org.trainyard.training.dl4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

@AnalyzeClasses(
    packages = "org.trainyard.training",
    importOptions = ImportOption.DoNotIncludeTests.class)
class WaistTest {
  @ArchTest
  static final ArchRule ONLY_THIS_PACKAGE_KNOWS_DEEPLEARNING4J =
      noClasses()
          .that()
          .resideOutsideOfPackage("..training.dl4j")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..");

  @ArchTest
  static final ArchRule ENGINES_AND_RULES_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..training.engine..",
              "..training.model..",
              "..training.optimize..",
              "..training.dl4j..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      SlicesRuleDefinition.slices()
          .matching("org.trainyard.training.(*)..")
          .should()
          .beFreeOfCycles();
}
