package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.trainyard.pipeline.config.ConfigException;
import org.trainyard.pipeline.config.Nearest;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.TextTable;
import org.trainyard.pipeline.technique.Card;
import org.trainyard.pipeline.technique.Setting;
import org.trainyard.pipeline.technique.Settings;
import org.trainyard.pipeline.technique.Technique;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainyard describe}: the card and settings of techniques; as Markdown for the docs. */
@CommandLine.Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Shows what a technique does, when it does not help, its paper and settings.",
    footer = {
      "",
      "Examples:",
      "  trainyard describe exact-dedup",
      "  trainyard describe --all --markdown"
    })
public final class DescribeCommand implements Command {
  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of techniques.")
  private List<String> names = List.of();

  @Option(names = "--all", description = "All techniques.")
  private boolean all;

  @Option(names = "--markdown", description = "As Markdown: docs/catalogue.md is made by this.")
  private boolean markdown;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    TreeSet<String> known = new TreeSet<>();
    List<String> found = new ArrayList<>();
    if (markdown && all) {
      out.println("# Techniques\n\nWritten by `trainyard describe --all --markdown`.\n");
    }
    Catalogue.all()
        .forEach(
            (kind, techniques) -> {
              if (markdown && all) {
                out.println("## " + kind + "\n");
              }
              for (Technique<?, ?> technique : techniques) {
                known.add(technique.card().name());
                if (all || names.contains(technique.card().name())) {
                  found.add(technique.card().name());
                  out.println(markdown ? markdown(technique) : text(technique, kind));
                }
              }
            });
    for (String name : names) {
      if (!found.contains(name)) {
        throw new ConfigException(
            "describe",
            "'%s' is unknown%s; trainyard list shows all"
                .formatted(
                    name,
                    Nearest.of(name, known).map(n -> ", did you mean '" + n + "'?").orElse("")));
      }
    }
    out.flush();
    return Failure.OK;
  }

  private static String text(Technique<?, ?> technique, String kind) {
    Card card = technique.card();
    StringBuilder text = new StringBuilder();
    text.append(card.name()).append(" (").append(kind).append(", version ");
    text.append(card.version()).append(")\n").append(card.what()).append('\n');
    paragraph(text, "How: ", card.how());
    paragraph(text, "Does not help: ", card.avoid());
    for (String paper : card.papers()) {
      paragraph(text, "Paper: ", paper);
    }
    List<String[]> rows = settings(technique);
    return text + (rows.isEmpty() ? "" : "Settings:\n" + TextTable.render(rows));
  }

  private static void paragraph(StringBuilder text, String label, String content) {
    if (!content.isEmpty()) {
      text.append(label).append(content).append('\n');
    }
  }

  private static String markdown(Technique<?, ?> technique) {
    Card card = technique.card();
    StringBuilder text = new StringBuilder("### " + card.name() + "\n\n" + card.what() + "\n\n");
    for (String part :
        List.of(card.how(), card.avoid().isEmpty() ? "" : "*Does not help:* " + card.avoid())) {
      if (!part.isEmpty()) {
        text.append(part).append("\n\n");
      }
    }
    for (String paper : card.papers()) {
      text.append("*Paper:* ").append(paper).append("\n\n");
    }
    List<String[]> rows = settings(technique);
    if (!rows.isEmpty()) {
      text.append("| setting | default | meaning |\n|---|---|---|\n");
      rows.forEach(
          row -> text.append("| `%s` | %s | %s |\n".formatted(row[0].strip(), row[1], row[2])));
    }
    return text.toString();
  }

  private static List<String[]> settings(Technique<?, ?> technique) {
    List<String[]> rows = new ArrayList<>();
    for (RecordComponent component : technique.settings().getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      String standard = setting.standard();
      String shown =
          !standard.equals(Setting.REQUIRED)
              ? standard.isEmpty() ? "(empty)" : standard
              : component.getName().equals("seed") ? "(the pipeline's)" : "(required)";
      rows.add(new String[] {"  " + Settings.key(component), shown, setting.help()});
    }
    return rows;
  }
}
