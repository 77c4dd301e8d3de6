package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.lifecycle.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {

  @Test
  void shouldExplainEveryCommand() {
    assertThat(all(Afina.commandLine()))
        .hasSizeGreaterThan(30)
        .allSatisfy(
            command -> assertThat(command.getCommandSpec().findOption("--help")).isNotNull());
  }

  @Test
  void shouldAnswerHelpOfEveryCommandWithItsUsage() {
    assertThat(all(Afina.commandLine()))
        .allSatisfy(
            command -> {
              String name = command.getCommandSpec().qualifiedName();
              StringWriter out = new StringWriter();
              String[] words =
                  Stream.concat(Stream.of(name.split(" ", -1)).skip(1), Stream.of("--help"))
                      .toArray(String[]::new);

              int exit = Afina.commandLine().setOut(new PrintWriter(out)).execute(words);

              assertThat(exit).as(name).isZero();
              assertThat(out.toString()).contains("Usage: " + name);
            });
  }

  @Test
  void shouldListTheExitCodesThatThereAre() {
    String usage = Afina.commandLine().getUsageMessage();

    assertThat(ExitCode.values())
        .allSatisfy(
            code ->
                assertThat(usage)
                    .as(code.name())
                    .containsPattern("\\b%d \\w".formatted(code.code())));
  }

  /** The options of a command that is a method are found by their position. */
  @Test
  void shouldPassTheFileToACommandThatIsAMethod() {
    StringWriter err = new StringWriter();
    CommandLine afina = Afina.commandLine().setErr(new PrintWriter(err));

    int exit = afina.execute("models", "import", "/nowhere/head.safetensors");

    assertThat(exit).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(err.toString()).contains("cannot read /nowhere/head.safetensors");
  }

  @Test
  void shouldPrintTheTopicsOfAnInstallationWithoutACluster() {
    StringWriter out = new StringWriter();

    int exit =
        Afina.commandLine()
            .setOut(new PrintWriter(out))
            .execute("topics", "asyncapi", "--set", "topics.prefix=a.");

    assertThat(exit).isZero();
    assertThat(out.toString())
        .startsWith("asyncapi: 3.0.0")
        .contains("address: a.images", "upstream-send-images:");
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandsTest::all));
  }
}
