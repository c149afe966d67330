package dev.nbroot.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelVersionsTest {
    /** Sorted by Debian's linux-version(1), of linux-base 4.9. */
    private static final List<String> SORTED = List.of(
            "3.2.0-trunk-amd64",
            "3.2.0-1-amd64",
            "5.10.0-9-amd64",
            "6.1.0-9-amd64",
            "6.1.0-10-amd64",
            "6.1.0-56-amd64",
            "6.1.0-56-cloud-amd64",
            "6.1.0-56-rt-amd64",
            "6.12-rc3-amd64",
            "6.12-rc10-amd64",
            "6.12-1-amd64",
            "6.12.4-amd64");

    @Test
    void theyAreInTheOrderOfLinuxVersion() {
        KernelVersions order = new KernelVersions();
        for (int i = 0; i < SORTED.size(); i++) {
            for (int j = 0; j < SORTED.size(); j++) {
                assertThat(Integer.signum(order.compare(SORTED.get(i), SORTED.get(j))))
                        .as("%s and %s", SORTED.get(i), SORTED.get(j))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void numbersOfAnyLengthCount() {
        assertThat(new KernelVersions().compare("6.99999999999999999999", "6.100000000000000000000"))
                .isNegative();
        assertThat(new KernelVersions().compare("6.01", "6.1")).isNegative();
    }
}
