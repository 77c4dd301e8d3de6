package io.afina;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Holds the package table of the README: imports point up it only, and engines stay where they
 * belong.
 */
class PackagesTest {

  private static final List<String> TABLE =
      List.of(
          "event",
          "config",
          "lifecycle",
          "metrics",
          "topic",
          "inference",
          "model",
          "stream",
          "trainer",
          "labelling",
          "broker",
          "cli");

  /** They meet on topics only; and nobody but the one that wires may start a broker. */
  private static final List<String> STRANGERS = List.of("stream", "trainer", "labelling", "broker");

  private static final List<String> WITH_DJL = List.of("inference", "model", "trainer");

  private final JavaClasses classes =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test
  void shouldImportOnlyFromPackagesFurtherUp() {
    for (int row = 0; row < TABLE.size(); row++) {
      List<String> below = new ArrayList<>(TABLE.subList(row + 1, TABLE.size()));
      forbid(TABLE.get(row), below.stream().map(PackagesTest::ours).toList());
    }
  }

  @Test
  void shouldKeepTheRolesApart() {
    for (String role : STRANGERS) {
      forbid(
          role,
          STRANGERS.stream().filter(other -> !other.equals(role)).map(PackagesTest::ours).toList());
    }
  }

  @Test
  void shouldUseDjlStreamsAndTheBrokerOnlyWhereTheTableSaysSo() {
    for (String name : TABLE) {
      if (!WITH_DJL.contains(name)) {
        forbid(name, List.of("ai.djl.."));
      }
      if (!name.equals("stream")) {
        forbid(name, List.of("org.apache.kafka.streams.."));
      }
      if (!name.equals("broker")) {
        forbid(
            name,
            List.of("kafka.server..", "org.apache.kafka.server..", "org.apache.kafka.metadata.."));
      }
    }
  }

  @Test
  void shouldHaveNoPackageThatIsNotInTheTable() {
    ArchRuleDefinition.classes()
        .should()
        .resideInAnyPackage(TABLE.stream().map(PackagesTest::ours).toArray(String[]::new))
        .check(classes);
  }

  private void forbid(String name, List<String> packages) {
    if (!packages.isEmpty()) {
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage(ours(name))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages.toArray(String[]::new))
          .allowEmptyShould(true)
          .check(classes);
    }
  }

  private static String ours(String name) {
    return "io.afina." + name + "..";
  }
}
