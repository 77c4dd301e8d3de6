package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.LogLines;
import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.NoActions;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.log.Audit;
import io.afina.metrics.Traces;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody guesses passwords at a page. */
class LoginsIT {

  private static final int WRONG = 6;
  private static final String PASSWORD = "correct horse";

  @TempDir Path folder;

  @Test
  void shouldRefuseWhoGuessesAndLetTheUserIn() throws Exception {
    // given
    Path users = folder.resolve("users.yaml");
    Users.add(users, "mia", UserRole.LABELLER, PASSWORD);
    try (LogLines audit = new LogLines(Audit.LOGGER);
        TestBroker broker = TestBroker.startFresh();
        LabelServer server = server(broker, users)) {
      Client guesser = new Client(server.address());
      for (int i = 0; i < WRONG - 1; i++) {
        assertThat(attempt(guesser, "mia", "guess " + i).statusCode()).isEqualTo(401);
      }

      // when: later, as a wrong one would be answered later too
      HttpResponse<String> right = attempt(guesser, "mia", PASSWORD);

      // then
      assertThat(right.statusCode()).as(right.body()).isEqualTo(204);
      assertThat(right.headers().firstValue("Set-Cookie")).isPresent();
      assertThat(attempt(guesser, "nobody", "last").statusCode()).isEqualTo(401);
      HttpResponse<String> refused = attempt(guesser, "somebody", PASSWORD);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(refused.body()).contains("urn:afina:problem:too-many-logins");
      assertThat(audit.all())
          .startsWith("login failed user=mia address=127.0.0.1")
          .contains("logged in user=mia address=127.0.0.1")
          .endsWith(
              "login failed user=nobody address=127.0.0.1",
              "logins refused user=nobody address=127.0.0.1");
    }
  }

  private static LabelServer server(TestBroker broker, Path users) {
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("labelling.port", 0)
            .set("labelling.users", users)
            .set("labelling.loginsPerMinute", WRONG)
            .load();
    ReadyTopics.apply(config);
    return new LabelServer(config, new NoActions(), new SimpleMeterRegistry(), Traces.off());
  }

  private static HttpResponse<String> attempt(Client client, String user, String password) {
    return client.send(
        "POST",
        "/api/session",
        "{\"user\": \"%s\", \"password\": \"%s\"}".formatted(user, password));
  }
}
