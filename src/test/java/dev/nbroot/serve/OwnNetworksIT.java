package dev.nbroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.Ipv4Network;
import dev.nbroot.system.Namespaces;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code nbroot test} serves on a thread that is in another network than the process. */
class OwnNetworksIT {
    @Test
    void areThoseOfTheThreadsNetwork() throws UnknownHostException {
        Needs.root();
        Needs.programs("ip", "unshare");
        InetAddress address = InetAddress.getByName("10.77.0.1");
        InetAddress every = InetAddress.getByName("0.0.0.0");
        try (Namespaces.Namespace network = new LinuxNamespaces().openWithNetwork()) {
            new LinuxCommands(Events.none())
                    .run(network.inside(Invocation.of("ip", "address", "add", "10.77.0.1/23", "dev", "lo")));
            List<Ipv4Network> own = network.onNetwork(() -> OwnNetworks.of(address));
            List<Ipv4Network> all = network.onNetwork(() -> OwnNetworks.of(every));

            assertThat(own).extracting(Object::toString).containsExactly("10.77.0.0/23");
            assertThat(all).extracting(Object::toString).containsExactlyInAnyOrder("127.0.0.0/8", "10.77.0.0/23");
        }
        assertThat(OwnNetworks.of(address)).as("outside nobody has it").isEmpty();
    }
}
