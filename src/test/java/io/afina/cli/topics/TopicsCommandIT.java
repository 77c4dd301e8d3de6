package io.afina.cli.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.broker.TestBroker;
import io.afina.lifecycle.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Over a broker of its own, because the names of the topics are given. */
class TopicsCommandIT {

  @Test
  void shouldPlanApplyAndVerify() {
    try (TestBroker broker = TestBroker.startFresh()) {
      // given
      Run before = run(broker, "verify");
      Run plan = run(broker, "plan", "--partitions", "2");

      // when
      Run apply = run(broker, "apply", "--partitions", "2");

      // then
      assertThat(before.exit()).isEqualTo(ExitCode.TOPICS.code());
      assertThat(plan.exit()).isEqualTo(ExitCode.OK.code());
      assertThat(plan.out())
          .contains("+ images with 2 partitions", "    retention.ms = 604800000")
          .contains("11 to change, 0 refused; `afina topics apply` makes the changes");
      assertThat(apply.exit()).isEqualTo(ExitCode.OK.code());
      assertThat(apply.out()).contains("11 changed, 0 refused");
      Run after = run(broker, "verify");
      assertThat(after.exit()).isEqualTo(ExitCode.OK.code());
      assertThat(after.out()).isEqualToIgnoringNewLines("The topics are as described.");
      Run grow = run(broker, "apply", "--partitions", "4");
      assertThat(grow.exit()).isEqualTo(ExitCode.TOPICS.code());
      assertThat(grow.out())
          .contains("! images it has 2 partitions")
          .contains("0 changed, 5 refused");
    }
  }

  private static Run run(TestBroker broker, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new TopicsCommand());
    command.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    command.setOut(new PrintWriter(out));
    int exit = command.execute(all.toArray(String[]::new));
    return new Run(exit, out.toString());
  }

  private record Run(int exit, String out) {}
}
