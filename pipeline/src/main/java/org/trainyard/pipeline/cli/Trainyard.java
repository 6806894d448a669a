package org.trainyard.pipeline.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.trainyard.pipeline.run.Failure;
import org.trainyard.pipeline.run.Version;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The entry point: finds the commands, runs one, tells the scheduler the truth. */
@CommandLine.Command(
    name = "trainyard",
    mixinStandardHelpOptions = true,
    versionProvider = Trainyard.VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Turns a lake of raw records into a trained, audited model, on Spark.",
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 wrong command line, 3 wrong settings, 4 wrong data,",
      "5 the cluster or its storage failed (worth a retry), 6 a bar or gate was not met.",
      "",
      "Examples:",
      "  trainyard run conf/hello.yaml",
      "  trainyard explain conf/quickstart.yaml --set model.epochs=2",
      "  trainyard describe byte-bpe"
    })
public final class Trainyard {
  private Trainyard() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command; returns its exit code. */
  public static int run(String... arguments) {
    return run(commandLine(), arguments);
  }

  static int run(CommandLine line, String... arguments) {
    line.setExecutionExceptionHandler((error, command, parsed) -> tell(error, command.getErr()));
    line.setParameterExceptionHandler(Trainyard::usage);
    return line.execute(arguments);
  }

  /** The whole command tree, for tests and for documentation. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(CommandSpec.forAnnotatedObject(new Trainyard()));
    line.getCommandSpec().parser().collectErrors(false);
    List<Command> commands = new ArrayList<>();
    ServiceLoader.load(Command.class).forEach(commands::add);
    commands.stream()
        .map(CommandLine::new)
        .sorted(Comparator.comparing(CommandLine::getCommandName))
        .forEach(command -> line.addSubcommand(command.getCommandName(), command));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  private static int tell(Exception error, PrintWriter err) {
    Failure failure = Failure.of(error);
    err.println(failure.line());
    if (failure.exit() == Failure.BUG) {
      error.printStackTrace(err);
    }
    return failure.exit();
  }

  private static int usage(ParameterException error, String[] arguments) {
    PrintWriter err = error.getCommandLine().getErr();
    err.println(error.getMessage());
    err.println("Try '" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return Failure.USAGE;
  }

  /** Prints the version and what it stands on. */
  static final class VersionProvider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "trainyard " + Version.text(),
        "Java "
            + System.getProperty("java.version")
            + ", Spark "
            + org.apache.spark.package$.MODULE$.SPARK_VERSION()
      };
    }
  }
}
