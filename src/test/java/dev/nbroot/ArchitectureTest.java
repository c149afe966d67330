package dev.nbroot;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house rules of src/docs/design.md, held by reading the compiled classes. */
class ArchitectureTest {
    private static final int CLASSES_AT_LEAST = 400;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.nbroot");

    /** Each package and the packages of ours that it may use. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("report", List.of()),
            Map.entry("system", List.of("report")),
            Map.entry("release", List.of("report", "system")),
            Map.entry("state", List.of("report", "system")),
            Map.entry("tftp", List.of("report", "system")),
            Map.entry("nfs", List.of("report", "system")),
            Map.entry("http", List.of("report", "system")),
            Map.entry("profile", List.of("report", "system")),
            Map.entry("check", List.of("profile", "release", "report", "system")),
            Map.entry("build", List.of("check", "profile", "release", "state", "report", "system")),
            Map.entry("stage", List.of("release", "state", "report", "system")),
            Map.entry("client", List.of("release", "state", "report", "system")),
            Map.entry("lab", List.of("report", "system")),
            Map.entry("serve", List.of("tftp", "nfs", "http", "state", "report", "system")),
            Map.entry(
                    "command",
                    List.of(
                            "check", "profile", "release", "state", "build", "stage", "client", "serve", "lab",
                            "report", "system")),
            Map.entry("cli", List.of("command", "state", "report", "system")));

    static Stream<String> packages() {
        return ARROWS.keySet().stream().sorted();
    }

    @Test
    void enoughClassesWereScanned() {
        assertThat(CLASSES.size()).isGreaterThan(CLASSES_AT_LEAST);
        assertThat(CLASSES.stream().map(type -> type.getPackageName()).distinct())
                .allMatch(name -> name.equals("dev.nbroot") || ARROWS.containsKey(name.split("\\.")[2]));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void arrowsPointDown(String name) {
        List<String> allowed = new ArrayList<>(List.of("dev.nbroot." + name + ".."));
        ARROWS.get(name).forEach(below -> allowed.add("dev.nbroot." + below + ".."));
        // Adapters are wired by Main alone.
        List<String> adapters = name.equals("system") ? List.of() : List.of("dev.nbroot.system.linux..");
        classes()
                .that()
                .resideInAPackage("dev.nbroot." + name + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new))
                        .and(not(resideInAnyPackage(adapters.toArray(String[]::new))))
                        .or(not(resideInAPackage("dev.nbroot.."))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.nbroot.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void librariesStayInTheirRooms() {
        confine("picocli..", "dev.nbroot.cli..");
        confine("com.sun.jna..", "dev.nbroot.system.linux..");
        confine("org.zeroturnaround..", "dev.nbroot.system.linux..");
        confine("com.fasterxml.jackson.dataformat..", "dev.nbroot.profile..", "dev.nbroot.state..");
        confine("org.yaml.snakeyaml..", "dev.nbroot.profile..");
        confine("org.apache.commons.compress..", "dev.nbroot.stage..", "dev.nbroot.build..");
    }

    private static void confine(String library, String... rooms) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void onlyMainTouchesTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.nbroot.Main")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .check(CLASSES);
    }

    @Test
    void namesSayWhatThingsAre() {
        String banned = Arrays.asList("Util", "Utils", "Helper", "Manager", "Common").stream()
                .map(word -> ".*" + word + "$")
                .reduce((a, b) -> a + "|" + b)
                .orElseThrow();
        noClasses().should().haveNameMatching(banned).check(CLASSES);
    }
}
