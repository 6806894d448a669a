package org.trainyard.submit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trainyard.pipeline.cli.Trainyard;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.stage.JobTechnique;
import org.trainyard.pipeline.stage.SourceTechnique;
import org.trainyard.pipeline.stage.StageTechnique;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Choice;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.pipeline.technique.Settings;
import org.trainyard.pipeline.technique.Technique;
import org.trainyard.pipeline.technique.Techniques;

@DisplayName("The catalogue of techniques")
class CatalogueTest {
  private static final JavaClasses CLASSES = Modules.classes();

  @Nested
  class ServiceLists {
    @ParameterizedTest
    @MethodSource("org.trainyard.submit.CatalogueTest#serviceLists")
    void nameClassesThatCanBeMade(Path list) throws Exception {
      Class<?> service = Class.forName(list.getFileName().toString());
      for (String name : lines(list)) {
        assertThat(Class.forName(name).getConstructor().newInstance()).isInstanceOf(service);
      }
    }

    @ParameterizedTest
    @MethodSource("org.trainyard.submit.CatalogueTest#serviceLists")
    void areSortedWithoutRepetition(Path list) throws IOException {
      assertThat(lines(list)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void leaveNoTechniqueOut() {
      List<String> written =
          CLASSES.that(assignableTo(Technique.class)).that(not(INTERFACES)).stream()
              .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
              .map(JavaClass::getName)
              .toList();
      List<String> listed = techniques().map(t -> t.getPayload().getClass().getName()).toList();
      assertThat(listed).containsExactlyInAnyOrderElementsOf(written);
    }
  }

  @Nested
  class EveryTechnique {
    @ParameterizedTest
    @MethodSource("org.trainyard.submit.CatalogueTest#techniques")
    void hasACardThatSaysWhatItDoes(Technique<?, ?> technique) {
      Card card = technique.card();
      assertThat(card.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
      assertThat(card.what()).endsWith(".").hasSizeLessThan(200);
    }

    @ParameterizedTest
    @MethodSource("org.trainyard.submit.CatalogueTest#techniques")
    void explainsEverySetting(Technique<?, ?> technique) {
      for (RecordComponent component : components(technique.settings())) {
        Setting setting = component.getAnnotation(Setting.class);
        assertThat(setting).as(component.toString()).isNotNull();
        assertThat(setting.help()).as(component.toString()).endsWith(".");
        if (component.getType() == Choice.class) {
          assertThat(setting.technique()).as(component.toString()).isNotEqualTo(Technique.class);
        }
      }
    }

    @ParameterizedTest
    @MethodSource("org.trainyard.submit.CatalogueTest#techniques")
    void bindsItsDefaultsOrSaysWhichEmptyOneToFill(Technique<?, ?> technique) {
      Class<? extends Record> type = technique.settings();
      try {
        Settings.bind(required(type), type, "", 1);
      } catch (ConfigException e) {
        assertThat(components(type))
            .as(e.getMessage())
            .anyMatch(component -> Settings.key(component).equals(e.key()) && isEmpty(component));
      }
    }

    private boolean isEmpty(RecordComponent component) {
      return Set.of("", "[]", "{}").contains(component.getAnnotation(Setting.class).standard());
    }
  }

  @Test
  void givesEveryStepAName() {
    List<String> steps =
        Stream.of(SourceTechnique.class, StageTechnique.class, JobTechnique.class)
            .flatMap(kind -> namesOf(kind).stream())
            .toList();
    assertThat(steps).as("names that `use` may choose from").doesNotHaveDuplicates();
  }

  @Test
  void isWrittenDownInTheDocs() throws IOException {
    Path fresh = Modules.ROOT.resolve("submit/target/catalogue.md");
    Files.writeString(fresh, output("describe", "--all", "--markdown"));
    assertThat(Modules.ROOT.resolve("docs/catalogue.md"))
        .as("docs/catalogue.md is stale; refresh it: cp submit/target/catalogue.md docs/")
        .hasSameTextualContentAs(fresh);
  }

  @Test
  void isWrittenDownForEditors() throws IOException {
    Path fresh = Modules.ROOT.resolve("submit/target/pipeline.schema.json");
    Files.writeString(fresh, output("schema"));
    assertThat(Modules.ROOT.resolve("conf/pipeline.schema.json"))
        .as("conf/pipeline.schema.json is stale; refresh it: cp submit/target/*.json conf/")
        .hasSameTextualContentAs(fresh);
  }

  /** What a command prints. */
  private static String output(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Trainyard.run(arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static Stream<Named<Path>> serviceLists() {
    return Modules.serviceLists().stream()
        .map(list -> Named.of(list.getFileName().toString(), list));
  }

  private static List<String> lines(Path list) throws IOException {
    return Files.readAllLines(list).stream().filter(line -> !line.isBlank()).toList();
  }

  /** All techniques of all kinds, named by kind and name. */
  static Stream<Named<Technique<?, ?>>> techniques() {
    return CLASSES.that(assignableTo(Technique.class)).that(INTERFACES).stream()
        .map(JavaClass::reflect)
        .filter(kind -> kind != Technique.class)
        .flatMap(
            kind ->
                techniquesOf(kind).stream()
                    .map(t -> Named.of(kind.getSimpleName() + " " + t.card().name(), t)));
  }

  @SuppressWarnings("unchecked")
  private static Collection<Technique<?, ?>> techniquesOf(Class<?> kind) {
    return Techniques.of((Class<Technique<?, ?>>) kind).all();
  }

  private static Collection<String> namesOf(Class<?> kind) {
    return techniquesOf(kind).stream().map(technique -> technique.card().name()).toList();
  }

  /** The components of a settings record and of the records inside it. */
  private static List<RecordComponent> components(Class<?> settings) {
    List<RecordComponent> all = new ArrayList<>();
    for (RecordComponent component : settings.getRecordComponents()) {
      all.add(component);
      if (component.getType().isRecord() && component.getType() != Choice.class) {
        all.addAll(components(component.getType()));
      }
    }
    return all;
  }

  /** The smallest block that gives every key without a default a value. */
  private static ObjectNode required(Class<?> settings) {
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    for (RecordComponent component : settings.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting.standard().equals(Setting.REQUIRED) && !component.getName().equals("seed")) {
        block.set(Settings.key(component), anyValue(component, setting));
      }
    }
    return block;
  }

  private static JsonNode anyValue(RecordComponent component, Setting setting) {
    Class<?> type = component.getType();
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (type == Choice.class) {
      Technique<?, ?> first = techniquesOf(setting.technique()).iterator().next();
      return json.objectNode().set(first.card().name(), required(first.settings()));
    }
    if (type == List.class) {
      return json.arrayNode().add("a");
    }
    if (type == Map.class) {
      return json.objectNode();
    }
    if (type.isEnum()) {
      String name = ((Enum<?>) type.getEnumConstants()[0]).name();
      return json.textNode(name.toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    }
    if (type.isRecord()) {
      return required(type);
    }
    if (type == boolean.class) {
      return json.booleanNode(true);
    }
    long least = Double.isFinite(setting.min()) ? (long) Math.ceil(setting.min()) : 1;
    return type == String.class ? json.textNode("a") : json.numberNode(least);
  }
}
