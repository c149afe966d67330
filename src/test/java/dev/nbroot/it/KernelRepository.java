package dev.nbroot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A repository inside a root, made while the mirror can be asked: the suite's kernel for clouds, and a newer metapackage
 * that wants it. So apt sees an ordinary upgrade to a real kernel that calls itself by another name, on machines whose
 * network has no way out.
 */
final class KernelRepository {
    private static final Path PLACE = Path.of("srv/repository");

    /**
     * To be laid behind the other keys of a profile. On a busy host an emulated machine may get too little of a processor for
     * Linux to believe in its timer.
     */
    static final String KEYS = """
            boot: {cmdline: [no_timer_check]}
            hooks:
              customize:
                - chroot: true
                  run: |
                    set -eu
                    mkdir -p /srv/repository/meta/DEBIAN
                    cd /srv/repository
                    kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: \\(linux-image-[0-9]\\)/\\1/p' | head -n 1)
                    apt-get -q download "$kernel"
                    printf '%s\\n' 'Package: linux-image-amd64' 'Version: 99' 'Architecture: amd64' \\
                        'Maintainer: nobody <nobody@example.org>' "Depends: $kernel" \\
                        'Description: brings another kernel' >meta/DEBIAN/control
                    dpkg-deb --root-owner-group --build meta linux-image-amd64_99_amd64.deb
                    for deb in *.deb; do
                        dpkg-deb -f "$deb"
                        echo "Filename: ./$deb"
                        echo "Size: $(stat -c %s "$deb")"
                        echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"
                        echo
                    done >Packages
                    echo "${kernel#linux-image-}" >kernel
            """;

    /** What makes apt see this repository and no other; for root. */
    static final String CHOOSE = "rm -rf /etc/apt/sources.list.d/*"
            + " && echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list";

    private KernelRepository() {}

    /** {@return the version of the kernel in a root's repository, as uname(1) tells it} */
    static String kernel(Path tree) throws IOException {
        return Files.readString(tree.resolve(PLACE).resolve("kernel")).strip();
    }
}
