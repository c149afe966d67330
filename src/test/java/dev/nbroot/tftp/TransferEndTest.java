package dev.nbroot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransferEndTest {
    @Test
    void escapesWhatCouldForgeALineOrSteerATerminal() {
        assertThat(TransferEnd.escaped("a\r\nready\u001b[2J\u0000\u007f\u009b"))
                .isEqualTo("a\\x0d\\x0aready\\x1b[2J\\x00\\x7f\\x9b");
        assertThat(TransferEnd.escaped("\u202egnp.exe\u2028\ud800")).isEqualTo("\\u{202e}gnp.exe\\u{2028}\\u{d800}");
        assertThat(TransferEnd.escaped("boot\\bcd")).isEqualTo("boot\\\\bcd");
        assertThat(TransferEnd.escaped("gr\u00fc\u00dfe \u4e16/x.efi")).isEqualTo("gr\u00fc\u00dfe \u4e16/x.efi");
    }
}
