package io.afina.system;

import io.afina.Page;
import io.afina.broker.SecuredBroker;
import io.afina.cli.Afina;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Runs {@code afina topics} in this JVM against a secured broker. */
final class SecuredTopics {

  private final SecuredBroker broker;

  SecuredTopics(SecuredBroker broker) {
    this.broker = broker;
  }

  /** With the principals of the page. */
  Run asThePageSays(String command) {
    List<String> words =
        List.of(
            new Page(Path.of("src", "docs", "security.md"))
                .block("topics")
                .replace("\\\n", " ")
                .strip()
                .split("\\s+"));
    return run(
        command,
        broker.properties(SecuredBroker.ADMIN),
        words.subList(words.indexOf("--acls"), words.size()));
  }

  Run run(String command, Path properties, List<String> more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap-servers",
                broker.bootstrapServers(SecuredBroker.ADMIN),
                "--command-config",
                properties.toString()));
    all.addAll(more);
    StringWriter out = new StringWriter();
    CommandLine afina = Afina.commandLine();
    afina.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    afina.setOut(new PrintWriter(out));
    afina.setErr(new PrintWriter(out));
    all.add(0, "topics");
    int exit = afina.execute(all.toArray(String[]::new));
    return new Run(exit, out.toString());
  }

  record Run(int exit, String out) {}
}
