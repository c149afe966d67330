package dev.nbroot.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockFileTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    private static Deb deb(String name) {
        return new Deb(name, "1:1.0~rc1-1+b2", "amd64", HASH, 12, "http://m.example.org/pool/" + name + ".deb");
    }

    private static LockFile lock() {
        return new LockFile(
                "p",
                "w",
                new Selection(
                        List.of(new FoundArchive("http://m.example.org/debian", "bookworm", HASH)),
                        List.of(deb("libc6")),
                        List.of(deb("apt")),
                        List.of(deb("less"), deb("g++")),
                        Map.of()));
    }

    @Test
    void whatIsWrittenIsRead() {
        Path file = directory.resolve("a.lock.json");
        lock().write(file);
        assertThat(LockFile.read(file)).isEqualTo(lock());
        assertThat(LockFile.read(file).packages()).isEqualTo(4);
    }

    @Test
    void itLiesBesideItsProfile() {
        assertThat(LockFile.beside(Path.of("profiles/lab.yaml"))).isEqualTo(Path.of("profiles/lab.lock.json"));
        assertThat(LockFile.beside(Path.of("lab.yml"))).isEqualTo(Path.of("lab.lock.json"));
    }

    private static Failure refused(Path file) {
        Failure failure = catchThrowableOfType(Failure.class, () -> LockFile.read(file));
        assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_INPUT);
        assertThat(failure.hint()).contains("nbroot lock");
        return failure;
    }

    @Test
    void aMissingOneIsToldWithTheCommandThatMakesIt() {
        assertThat(refused(directory.resolve("none.lock.json"))).hasMessageContaining("there is no lock file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"less\" | \"../less\"",
                "\"g++\" | \"--purge\"",
                "1:1.0~rc1-1+b2 | 1;reboot",
                "0123456789abcdef | 00",
                "http://m.example.org/pool/less.deb | file:///etc/shadow",
                "\"format\" : 1 | \"format\" : 2",
                "\"set\" : \"base\" | \"set\" : \"Base\"",
                "\"size\" : 12 | \"size\" : -12",
                "\"wanted\" : \"w\" | \"wanted\" : null",
                "http://m.example.org/debian | http://m.example.org/ Trusted: yes",
                "\"packages\" : [ | \"packages\" : {",
                "\"name\" : \"less\", | \"nome\" : \"less\","
            })
    void whatIsNoLockIsRefused(String from, String to) throws IOException {
        Path file = directory.resolve("a.lock.json");
        lock().write(file);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
        assertThat(refused(file)).hasMessageContaining("cannot be understood");
    }
}
