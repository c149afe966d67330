package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nbroot.nfs.export.Squash;
import dev.nbroot.report.Failure;
import dev.nbroot.report.FailureKind;
import dev.nbroot.system.MacAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleParserTest {
    @Test
    void whatIsNotSaidIsTheLeast() {
        ExportRule rule = RuleParser.parse("/srv/data=192.168.7.0/24");

        assertThat(rule.subject()).isEqualTo(new Subject.Directory(Path.of("/srv/data")));
        assertThat(rule.audiences()).extracting(Object::toString).containsExactly("192.168.7.0/24");
        assertThat(rule.rights()).isEqualTo(new Rights(false, Squash.ROOT, false, false));
    }

    @Test
    void aMachineThatBootsIsRootInItsRoot() {
        assertThat(RuleParser.parse("bookworm=192.168.7.0/24").rights()).isEqualTo(Rights.TO_BOOT);
        assertThat(RuleParser.parse("roots=192.168.7.0/24").rights()).isEqualTo(Rights.TO_BOOT);
        assertThat(RuleParser.parse("52:54:00:12:34:56=10.2.0.7,rw").rights()).isEqualTo(Rights.OWNER);
    }

    @ParameterizedTest
    @CsvSource({
        "root_squash, ROOT",
        "no_root_squash, NO_ONE",
        "all_squash, EVERYBODY",
    })
    void squashes(String option, Squash.Whose whose) {
        assertThat(RuleParser.parse("/srv/data=10.0.0.1," + option)
                        .rights()
                        .squash()
                        .whose())
                .isEqualTo(whose);
        assertThat(RuleParser.parse("roots=10.0.0.1," + option)
                        .rights()
                        .squash()
                        .whose())
                .isEqualTo(whose);
    }

    @Test
    void squashedCallersBecomeWhoIsSaid() {
        assertThat(RuleParser.parse("/srv/data=10.0.0.1,rw,all_squash,anonuid=1000,anongid=4294967294,secure")
                        .rights())
                .isEqualTo(new Rights(true, new Squash(Squash.Whose.EVERYBODY, 1000, -2), true, false));
    }

    @Test
    void changesAreOnDiskBeforeTheirReplyWhereThatIsSaid() {
        assertThat(RuleParser.parse("/srv/data=10.0.0.1,rw,sync").rights().durable())
                .isTrue();
        assertThat(RuleParser.parse("/srv/data=10.0.0.1,rw,async").rights().durable())
                .isFalse();
        assertThat(RuleParser.parse("/srv/data=10.0.0.1,rw").rights().durable()).isFalse();
    }

    @Test
    void manyMachinesMayHaveOneRule() {
        ExportRule rule = RuleParser.parse("roots=10.0.0.0/8, 192.168.7.1,52-54-00-12-34-56,ro");

        assertThat(rule.audiences())
                .extracting(Object::toString)
                .containsExactly("10.0.0.0/8", "192.168.7.1", "52:54:00:12:34:56");
        assertThat(rule.audiences().get(2)).isEqualTo(new Audience.Card(MacAddress.parse("52:54:00:12:34:56")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/srv/data|does not say who may have it",
                "/srv/data=|has '', which is neither a machine nor an option",
                "/srv/data=ro|names no machine",
                "/srv/data=10.0.0.1,rww|has 'rww', which is neither",
                "/srv/data=*|has '*', which is neither",
                "/srv/data=node1|has 'node1', which is neither",
                "/srv/data=10.0.0.1,ro,rw|says both ro and rw",
                "/srv/data=10.0.0.1,rw,rw|says both rw and rw",
                "/srv/data=10.0.0.1,sync,async|says both sync and async",
                "/srv/data=10.0.0.1,root_squash,all_squash|says both root_squash and all_squash",
                "/srv/data=10.0.0.1,10.0.0.1|names 10.0.0.1 twice",
                "/srv/data=10.0.0.300|'10.0.0.300' has a number above 255",
                "/srv/data=10.0.0.0/33|'10.0.0.0/33' has a prefix longer than 32",
                "/srv/data=10.0.0.1/8|'10.0.0.1/8' is an address in a network",
                "/srv/data=10.0.0.0/255.0.0.0|is neither an IPv4 address nor a network",
                "/srv/data=01:00:5e:00:00:01|is not the address of one machine",
                "/srv/data=10.0.0.1,anonuid=0|has 'anonuid=0', which is not the id",
                "/srv/data=10.0.0.1,anonuid=x|has 'anonuid=x', which is not the id",
                "/srv/data=10.0.0.1,anonuid=4294967295|has 'anonuid=4294967295', which is not the id",
                "/srv/data=10.0.0.1,anonuid=1,anonuid=2|has anonuid twice",
                "/srv/data=10.0.0.1,no_root_squash,anonuid=1|squashes nobody",
                "roots=10.0.0.1,anongid=1|squashes nobody",
                "roots=10.0.0.1,rw|generations, which never change",
                "bookworm=10.0.0.1,rw|generations, which never change",
                "srv/data=10.0.0.1|is not about an absolute path",
                "./data=10.0.0.1|is not about an absolute path",
                "/srv/../etc=10.0.0.1|has '.' or '..' in its path",
                "=10.0.0.1|is not about an absolute path",
                "Book Worm=10.0.0.1|cannot be the name of a root",
            })
    void refusesInOneSentence(String text, String why) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> RuleParser.parse(text))
                .withMessageContaining(why)
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.USAGE))
                .satisfies(failure -> assertThat(failure.hint()).isNotEmpty());
    }

    @Test
    void twoRulesMustNotContradict() {
        assertThat(RuleParser.parseAll(List.of("/srv/data=10.0.0.0/8,ro", "/srv/data=10.0.0.1,rw", "roots=10.0.0.1")))
                .hasSize(3);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> RuleParser.parseAll(List.of("/srv/data=10.0.0.1,ro", "/srv/data=10.0.0.1,rw")))
                .withMessage("--export: two rules say what 10.0.0.1 may do with /srv/data");
    }

    @Test
    void aNetworkOfRootsIsWarnedAbout() {
        assertThat(RuleParser.parse("/srv/data=10.0.0.0/8,rw,no_root_squash").caution())
                .contains("--export '/srv/data=10.0.0.0/8,rw,no_root_squash': every machine of 10.0.0.0/8 can change"
                        + " anything in /srv/data as root; name the machines, or add root_squash");
        assertThat(RuleParser.parse("52:54:00:12:34:56=10.0.0.0/8,rw").caution())
                .isPresent();
        assertThat(RuleParser.parse("/srv/data=10.0.0.0/8,rw").caution()).isEmpty();
        assertThat(RuleParser.parse("/srv/data=10.0.0.1,rw,no_root_squash").caution())
                .isEmpty();
        assertThat(RuleParser.parse("roots=10.0.0.0/8").caution()).isEmpty();
    }

    @Test
    void anyTextIsARuleOrAFailure() {
        Random random = new Random(5);
        List<String> pieces = List.of(
                "/srv",
                "roots",
                "=",
                "=",
                ",",
                ",",
                "10.0.0.1",
                "10.0.0.0/8",
                "ro",
                "rw",
                "all_squash",
                "anonuid=7",
                "..",
                "52:54:00:12:34:56",
                "/",
                " ",
                "0",
                "9".repeat(30),
                "\0",
                "\u00e9");
        int rules = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(round % 2 == 0 ? "/srv=10.0.0.1" : "");
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                assertThat(RuleParser.parse(text.toString()).audiences()).isNotEmpty();
                rules++;
            } catch (Failure failure) {
                assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
            }
        }
        assertThat(rules).as("some were rules").isGreaterThan(1000);
    }
}
