package io.afina;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.afina.event.Topic;
import io.afina.event.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the package table of the README: imports point up it only, roles meet on topics only,
 * engines stay where they belong, and no package is larger than a reader can survey.
 */
class PackagesTest {

  private static final Path MAIN = Path.of("src", "main", "java");
  private static final String ROOT = "io.afina.";
  private static final Pattern ROW = Pattern.compile("^\\| (`[a-z.]+`(?:, `[a-z.]+`)*) \\|.*$");
  private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");
  private static final int LARGEST_PACKAGE = 25;

  /** They meet on topics only; and nobody but the one that wires may start a broker. */
  private static final List<String> STRANGERS =
      List.of("classifier", "trainer", "labelling", "broker");

  private static final Set<String> WITH_DJL = Set.of("backbone", "model", "trainer", "bench");
  private static final Set<String> WITH_STREAMS = Set.of("classifier");
  private static final Set<String> WITH_BROKER = Set.of("broker");

  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  /** What starts threads; a thread that nobody watches may die, and leave others waiting. */
  private static final Set<String> THREAD_STARTERS =
      Set.of(
          "java.lang.Thread",
          "java.util.Timer",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor");

  /** Of {@code Thread}: what starts none. */
  private static final Set<String> HARMLESS =
      Set.of(
          "currentThread",
          "interrupt",
          "isInterrupted",
          "getName",
          "getDefaultUncaughtExceptionHandler");

  /** The classes that may start threads, and why. */
  private static final Map<String, String> THREADS =
      Map.of(
          "io.afina.lifecycle.Worker", "the one place",
          "io.afina.lifecycle.ThreadWatch", "watches them",
          "io.afina.lifecycle.Closer", "a shutdown hook is a thread, of a JVM that ends");

  private static final Set<String> TOPICS = Set.of(Topic.class.getName(), Topics.class.getName());

  private final List<String> table = table();

  @Test
  void shouldListEveryPackageInTheReadme() throws IOException {
    assertThat(packages()).containsExactlyInAnyOrderElementsOf(table);
  }

  @Test
  void shouldImportOnlyFromPackagesFurtherUp() {
    List<String> downwards = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getName().startsWith(ROOT) && row(target) > row(type)) {
          downwards.add(dependency.getDescription());
        }
      }
    }
    assertThat(downwards).isEmpty();
  }

  @Test
  void shouldKeepTheRolesApart() {
    for (String role : STRANGERS) {
      forbid(
          role, STRANGERS.stream().filter(other -> !other.equals(role)).map(PackagesTest::below));
    }
  }

  @Test
  void shouldUseDjlStreamsAndTheBrokerOnlyWhereTheTableSaysSo() {
    for (String name : table.stream().map(PackagesTest::room).distinct().toList()) {
      if (!WITH_DJL.contains(name)) {
        forbid(name, Stream.of("ai.djl.."));
      }
      if (!WITH_STREAMS.contains(name)) {
        forbid(name, Stream.of("org.apache.kafka.streams.."));
      }
      if (!WITH_BROKER.contains(name)) {
        forbid(
            name,
            Stream.of(
                "kafka.server..",
                "org.apache.kafka.server..",
                "org.apache.kafka.metadata..",
                "org.apache.kafka.raft.."));
      }
    }
  }

  @Test
  void shouldStartThreadsInOnePlaceOnly() {
    List<String> elsewhere = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (JavaCodeUnitAccess<?> call : type.getCodeUnitAccessesFromSelf()) {
        if (THREAD_STARTERS.contains(call.getTargetOwner().getName())
            && !HARMLESS.contains(call.getName())
            && !THREADS.containsKey(type.getName().replaceFirst("\\$.*", ""))) {
          elsewhere.add(call.getDescription());
        }
      }
    }
    assertThat(elsewhere).isEmpty();
  }

  /** Else a topic could have a name without the prefix of its installation. */
  @Test
  void shouldNameTopicsInOnePlaceOnly() {
    List<String> elsewhere = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      type.getConstructorCallsFromSelf().stream()
          .filter(call -> TOPICS.contains(call.getTargetOwner().getName()))
          .filter(call -> !type.isEquivalentTo(Topics.class))
          .forEach(call -> elsewhere.add(call.getDescription()));
    }
    assertThat(elsewhere).isEmpty();
  }

  @Test
  void shouldHaveNoCycleBetweenFiles() {
    SlicesRuleDefinition.slices()
        .assignedFrom(new SourceFiles())
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void shouldHaveNoLargePackage() throws IOException {
    for (String name : table) {
      try (Stream<Path> files = Files.list(MAIN.resolve((ROOT + name).replace('.', '/')))) {
        assertThat(files.filter(Files::isRegularFile))
            .as(name)
            .hasSizeLessThanOrEqualTo(LARGEST_PACKAGE);
      }
    }
  }

  /** A slice a source file: a class with all that is nested in it. */
  private static final class SourceFiles implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      if (!type.getName().startsWith(ROOT)) {
        return SliceIdentifier.ignore();
      }
      return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
    }

    @Override
    public String getDescription() {
      return "a slice a source file";
    }
  }

  private void forbid(String name, Stream<String> packages) {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(below(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .check(CLASSES);
  }

  private int row(JavaClass type) {
    return table.indexOf(type.getPackageName().substring(ROOT.length()));
  }

  private static String room(String name) {
    return name.replaceFirst("\\..*", "");
  }

  private static String below(String name) {
    return ROOT + name + "..";
  }

  private static Set<String> packages() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> MAIN.relativize(file.getParent()).toString().replace('/', '.'))
          .map(name -> name.substring(ROOT.length()))
          .collect(Collectors.toSet());
    }
  }

  /** The first column of the README's table of packages. */
  private static List<String> table() {
    try (Stream<String> lines = Files.lines(Path.of("README.md"))) {
      return lines
          .dropWhile(line -> !line.equals("| package | purpose |"))
          .takeWhile(line -> line.startsWith("|"))
          .flatMap(line -> ROW.matcher(line).results())
          .map(MatchResult::group)
          .flatMap(cell -> NAME.matcher(cell.substring(0, cell.indexOf('|', 1))).results())
          .map(match -> match.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
