package io.afina.cli.service;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.ServiceOptions;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.http.LabelServer;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.topic.ReadyTopics;
import io.afina.topic.TopicSpec;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the labelling page until it is stopped, or adds a user to its file. */
@Command(
    name = "label",
    header = "Serve the page on which people label; several instances share the work.",
    description = {
      "Without users it listens on the loopback address only, and whoever reaches it may do everything.",
      "Roles: labeller answers; reviewer also promotes and rolls back heads and exports; admin also uploads corrections."
    })
public final class LabelCommand implements Callable<Integer> {

  private static final int SHORTEST_PASSWORD = 8;

  @Mixin private ClusterOptions cluster;
  @Mixin private ServiceOptions service;

  @Option(names = "--host", paramLabel = "ADDRESS", description = "Where to listen.")
  private @Nullable String host;

  @Option(names = "--port", paramLabel = "N", description = "Where to listen; 0 for any.")
  private @Nullable Integer port;

  @Option(names = "--users", paramLabel = "FILE", description = "The file of users.")
  private @Nullable Path users;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "labeller",
      description = "Of whom is added: labeller, reviewer or admin; default: ${DEFAULT-VALUE}.")
  private String role;

  @Option(
      names = "--password-stdin",
      description = "Read the password from the first line of the input instead of asking for it.")
  private boolean passwordFromInput;

  @Option(
      names = "--generate-password",
      description =
          "Make up the password and print it, once; a user who is there already stays as they are.")
  private boolean generatePassword;

  @ArgGroup private @Nullable Added added;

  /** The user or program to add instead of serving. */
  private static final class Added {

    @Option(
        names = "--add-user",
        paramLabel = "NAME",
        description = "Add a user to the file, or change one, and end; asks for the password.")
    private @Nullable String user;

    @Option(
        names = "--add-token",
        paramLabel = "NAME",
        description = "Add a program to the file, print its bearer token, and end.")
    private @Nullable String token;
  }

  @Override
  public Integer call() throws IOException {
    if (added == null) {
      serve();
    } else {
      add(added);
    }
    return ExitCode.OK.code();
  }

  private void serve() {
    AfinaConfig config = config();
    StartLine.other("label", config, config.labelling().group());
    ReadyTopics.await(config, TopicSpec.Role.LABELLING);
    Foreground.run(
        services -> {
          ManagementService management = services.own(new ManagementService("label", config));
          LabelServer server = LabelOptions.serve(services, config, management);
          management.complete();
          return Foreground.Running.ready(
              "%s, metrics at %s/metrics"
                  .formatted(LabelOptions.announcement(server), management.address()),
              server.ended());
        });
  }

  private AfinaConfig config() {
    ConfigLoader loader =
        service.set(cluster.loader()).set("labelling.host", host).set("labelling.port", port);
    return loader.set("labelling.users", users).load();
  }

  private void add(Added wanted) throws IOException {
    if (users == null) {
      throw new AfinaException(ExitCode.USAGE, "say in which file: --users FILE");
    }
    UserRole known =
        UserRole.parse(role)
            .orElseThrow(
                () ->
                    new AfinaException(
                        ExitCode.USAGE,
                        "--role is %s: it must be labeller, reviewer or admin".formatted(role)));
    if (wanted.user != null && generatePassword) {
      System.out.println(
          Users.addOnce(users, wanted.user, known)
              .map(made -> "%s may log in as %s with %s".formatted(wanted.user, known.text(), made))
              .orElse(wanted.user + " is there already"));
    } else if (wanted.user != null) {
      Users.add(users, wanted.user, known, password(wanted.user));
      System.out.printf("%s may log in as %s%n", wanted.user, known.text());
    } else {
      String name = Objects.requireNonNull(wanted.token);
      System.out.println(Users.addToken(users, name, known));
    }
  }

  private String password(String user) throws IOException {
    String password = passwordFromInput ? firstLine() : twice(console(), user);
    if (password.length() < SHORTEST_PASSWORD) {
      throw new AfinaException(
          ExitCode.USAGE,
          "the password has %d characters: take %d or more"
              .formatted(password.length(), SHORTEST_PASSWORD));
    }
    return password;
  }

  private static Console console() {
    return Optional.ofNullable(System.console())
        .orElseThrow(
            () ->
                new AfinaException(
                    ExitCode.USAGE, "there is no terminal to ask at: use --password-stdin"));
  }

  private static String twice(Console console, String user) {
    String once = new String(console.readPassword("Password of %s: ", user));
    if (!once.equals(new String(console.readPassword("Again: ")))) {
      throw new AfinaException(ExitCode.USAGE, "the two passwords differ");
    }
    return once;
  }

  private static String firstLine() throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    return line == null ? "" : line;
  }
}
