package dev.nbroot.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SerialPortTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ttyS0|0|9600",
                "ttyS0,115200|0|115200",
                "ttyS1,57600n8|1|57600",
                "ttyS3,38400n8r|3|38400",
                "ttyS0,9600n|0|9600"
            })
    void readsTheKernelsForms(String console, int number, int baud) {
        assertThat(SerialPort.among(List.of("tty0", console))).contains(new SerialPort(number, baud));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tty0",
                "ttyS4,115200",
                "ttyUSB0",
                "ttyAMA0,115200",
                "ttyS0,115200e7",
                "ttyS0,500000",
                "ttyS0,00",
                "hvc0"
            })
    void leavesAloneWhatABootLoaderCannotUse(String console) {
        assertThat(SerialPort.among(List.of(console))).isEmpty();
    }

    @Test
    void theLastOneWinsAsWithTheKernel() {
        assertThat(SerialPort.among(List.of("ttyS0,115200", "ttyS1,9600"))).contains(new SerialPort(1, 9600));
    }
}
