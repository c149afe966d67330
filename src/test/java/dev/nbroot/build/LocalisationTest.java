package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.it.Profiles;
import dev.nbroot.report.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalisationTest {
    private static final List<String> SUPPORTED = List.of(
            "C.UTF-8 UTF-8", "de_DE.UTF-8 UTF-8", "de_DE ISO-8859-1", "de_DE@euro ISO-8859-15", "fr_FR.UTF-8 UTF-8");

    @TempDir
    Path directory;

    private Localisation with(String more) {
        return new Localisation(Profiles.with(directory, "bookworm", more));
    }

    @Test
    void theCLibrarysOwnLocalesNeedNoPackage() {
        assertThat(with("").needsLocalesPackage()).isFalse();
        assertThat(with("locale: C.UTF-8\nlocales: [C.UTF-8, POSIX]\n").needsLocalesPackage())
                .isFalse();
        assertThat(with("locales: [fr_FR.UTF-8]\n").needsLocalesPackage()).isTrue();
    }

    @Test
    void everyLocaleIsGeneratedOnceWithItsCharacterSet() {
        assertThat(with("locale: fr_FR.UTF-8\nlocales: [de_DE.UTF-8, C.UTF-8, fr_FR.UTF-8, de_DE]\n")
                        .generated(SUPPORTED))
                .isEqualTo("fr_FR.UTF-8 UTF-8\nde_DE.UTF-8 UTF-8\nde_DE ISO-8859-1\n");
    }

    @Test
    void anUnknownLocaleIsNamedWithItsLine() {
        Localisation localisation = with("locales: [de_DE.UTF-8, xx_YY.UTF-8]\n");
        assertThatThrownBy(() -> localisation.generated(SUPPORTED))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("profile.yaml:10:24: the root has no locale xx_YY.UTF-8");
    }
}
