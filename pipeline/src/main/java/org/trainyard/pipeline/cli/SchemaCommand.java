package org.trainyard.pipeline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.technique.JsonSchema;
import org.trainyard.pipeline.technique.Technique;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trainyard schema}: the JSON Schema of pipeline files, for editors. */
@CommandLine.Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    description =
        "Prints the JSON Schema of pipeline files, so that an editor completes and checks.",
    footer = {"", "Example:", "  trainyard schema > conf/pipeline.schema.json"})
public final class SchemaCommand implements Command {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(Json.pretty(schema()));
    out.flush();
    return Failure.OK;
  }

  /** The schema of a whole pipeline file with all techniques on the class path. */
  static ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Trainyard pipeline").put("type", "object");
    schema.put("additionalProperties", false);
    schema.putArray("required").add("name").add("output").add("steps");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("name").put("type", "string");
    properties
        .putObject("output")
        .put("type", "string")
        .put("description", "Folder of all tables and artifacts, on any Hadoop file system.");
    properties
        .putObject("seed")
        .put("type", "integer")
        .put("description", "Default of every setting called seed.");
    properties
        .putObject("spark")
        .put("type", "object")
        .put("description", "Spark properties, below those of spark-submit.");
    ObjectNode steps = properties.putObject("steps").put("type", "object");
    ObjectNode byId = steps.putObject("properties");
    ArrayNode byUse =
        steps.putObject("additionalProperties").put("type", "object").putArray("allOf");
    ObjectNode definitions = schema.putObject("$defs");
    for (String kind : List.of("Source", "Stage", "Job")) {
      for (Technique<?, ?> technique : Catalogue.all().get(kind)) {
        String name = technique.card().name();
        ObjectNode block = JsonSchema.block(technique.settings(), common());
        block.put("description", technique.card().what());
        definitions.set(name, block);
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        rule.putObject("if").putObject("properties").putObject("use").put("const", name);
        ((ObjectNode) rule.get("if")).putArray("required").add("use");
        rule.putObject("then").put("$ref", "#/$defs/" + name);
        byUse.add(rule);
        ObjectNode plain = byId.putObject(name);
        plain.putObject("if").putObject("not").putArray("required").add("use");
        plain.putObject("then").put("$ref", "#/$defs/" + name);
      }
    }
    return schema;
  }

  private static ObjectNode common() {
    ObjectNode more = JsonNodeFactory.instance.objectNode();
    more.putObject("use")
        .put("type", "string")
        .put("description", "The technique; default: the step's id.");
    more.putObject("from")
        .put(
            "description",
            "A step or step.output, or a block {input: step}; default: the step before.");
    more.putObject("max-rejects")
        .put("type", "number")
        .put("minimum", 0)
        .put("maximum", 1)
        .put("description", "Largest share of rows that may be rejected.");
    return more;
  }
}
