package dev.nbroot.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nbroot.profile.YamlValue.Kind;
import dev.nbroot.profile.YamlValue.Scalar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Password hashes and SSH keys, by the forms that crypt(5) and the RFCs give. */
class AccountRulesTest {
    private static Optional<PasswordHash> password(String text) {
        Decoding decoding =
                new Decoding(Path.of("p.yaml"), Path.of("/"), new Problems(), new HashMap<>(), new ArrayList<>());
        Scalar scalar = new Scalar(new Position("p.yaml", 1, 1), Kind.TEXT, text);
        return PasswordRule.decode(new Cursor(decoding, "root.passwd", scalar, Form.text(PasswordRule.SHAPE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // crypt(5)'s methods; made with libxcrypt
                "$y$j9T$abcdefghijklmnop$ufR5nwKxL7fD7hgkPIA5UEmNyaXl8zAqqQeDFt19FA4",
                "$gy$j9T$abcdefghijklmnop$I1bqgHwWtnC/O3aCoeWroytMtaaAq2CA46O1jSnPKR0",
                "$7$CU..../....abcdefghijklmnop$57Q7Z2vD8RUn1e18vbBi5uP6PRkbbchChdsi8FwMcUB",
                "$2b$05$abcdefghijklmnopqrstuu6M/wcuzFjN.IP//O4s9iFUH5PzXj5e2",
                "$5$rounds=5000$salt$TPZtTuS/Jp0WDDucHhsJOaOu4iSUKnWyLRYMDowRgB9",
                Keys.HASH
            })
    void hashesAreTaken(String crypt) {
        assertThat(password(crypt)).hasValueSatisfying(hash -> {
            assertThat(hash.crypt()).isEqualTo(crypt);
            assertThat(hash.usable()).isTrue();
            assertThat(hash.locked().crypt()).isEqualTo("!" + crypt);
            assertThat(hash.locked().usable()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "*", "!!", "!*", "!" + Keys.HASH})
    void locksAreTakenAndOpenNothing(String crypt) {
        assertThat(password(crypt)).hasValueSatisfying(hash -> {
            assertThat(hash.usable()).isFalse();
            assertThat(hash.locked()).isEqualTo(hash);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$6$",
                "$6$salt$short",
                "$6$a:b$x",
                "$9$x$y",
                "!secret",
                "$6$…",
                "x" + Keys.HASH,
                Keys.HASH + "x",
                Keys.HASH + "\n",
                "$2b$99$01234567890123456789012345678901234567890123456789012"
            })
    void nothingElseIs(String crypt) {
        assertThat(password(crypt)).isEmpty();
    }

    @Test
    void aKeyLineKeepsItsParts() throws Exception {
        SshKey key = SshKeyLine.parse("  restrict,from=\"10.0.0.1, x\"\t" + Keys.ED25519 + " of  Ada \n");
        assertThat(key.options()).isEqualTo("restrict,from=\"10.0.0.1, x\"");
        assertThat(key.type()).isEqualTo("ssh-ed25519");
        assertThat(key.comment()).isEqualTo("ada@example.org of  Ada");
        assertThat(key.line()).isEqualTo(key.options() + " " + Keys.ED25519 + " of  Ada");
    }

    @Test
    void everyCutOfAKeyIsNoticed() {
        String[] words = Keys.ECDSA.split(" ");
        byte[] blob = Base64.getDecoder().decode(words[1]);
        assertThatCode(() -> SshKeyLine.parse(words[0] + " " + words[1])).doesNotThrowAnyException();
        for (int length = 0; length < blob.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(blob, length);
            String line = words[0] + " " + Base64.getEncoder().encodeToString(cut);
            assertThatThrownBy(() -> SshKeyLine.parse(line)).isInstanceOf(SshKeyLine.Invalid.class);
        }
        byte[] longer = java.util.Arrays.copyOf(blob, blob.length + 1);
        assertThatThrownBy(() ->
                        SshKeyLine.parse(words[0] + " " + Base64.getEncoder().encodeToString(longer)))
                .hasMessageContaining("something behind it");
    }

    @Test
    void aHugeLengthInAKeyIsNoticed() {
        String blob = Base64.getEncoder().encodeToString(new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1});
        assertThatThrownBy(() -> SshKeyLine.parse("ssh-rsa " + blob)).isInstanceOf(SshKeyLine.Invalid.class);
        String negative = Base64.getEncoder().encodeToString(new byte[] {-1, -1, -1, -1, 1});
        assertThatThrownBy(() -> SshKeyLine.parse("ssh-rsa " + negative)).isInstanceOf(SshKeyLine.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quiett", "Quiet", "quite", "qiet"})
    void slipsAreRecognised(String slip) {
        assertThat(Nearest.to(slip, java.util.List.of("splash", "quiet"))).contains("quiet");
    }

    @Test
    void otherWordsAreNotSlips() {
        assertThat(Nearest.to("kubernetes", java.util.List.of("kernel", "packages")))
                .isEmpty();
        assertThat(Nearest.to("ab", java.util.List.of("xy"))).isEmpty();
    }
}
