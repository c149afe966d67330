package dev.nbroot.it;

/** What a root must be able to do on its file system: run on a client, it stops at the first thing that it cannot. */
final class PosixScript {
    static final String TEXT = """
            sudo sh -euxc '
            d=/var/tmp/posix; rm -rf $d; mkdir $d; cd $d
            # a file that is removed while it is open can still be read
            echo kept >open; exec 3<open; rm open; test "$(cat <&3)" = kept; exec 3<&-
            # device nodes, FIFOs and sockets
            mknod null c 1 3; echo x >null; test "$(stat -c %t:%T null)" = 1:3
            mkfifo fifo; test -p fifo
            # hard links and symbolic links
            echo one >a; ln a b; test "$(stat -c %h a)" = 2; test a -ef b; ln -s a c; test "$(readlink c)" = a
            # setuid is kept by root, and lost when somebody else writes
            cp /bin/true suid; chmod 4755 suid; test -u suid
            chown admin suid; test ! -u suid || { chmod 4755 suid; }
            # renaming over a file, and over an empty directory
            echo new >n; mv -f n a; test "$(cat a)" = new; mkdir x y; mv -T x y; test -d y
            # sticky, owners, modes and times
            chmod 1777 y; test -k y; chown 12:34 a; test "$(stat -c %u:%g a)" = 12:34
            touch -d @1000000000 a; test "$(stat -c %Y a)" = 1000000000
            # a sparse file beyond 4 GiB
            truncate -s 5G sparse; printf end | dd of=sparse bs=1 seek=5368709120 conv=notrunc 2>/dev/null
            test "$(tail -c 3 sparse)" = end; test "$(du -k sparse | cut -f1)" -lt 1024
            # the longest name
            long=$(printf %0255d 0); touch $long; test -e $long; ! touch ${long}0 2>/dev/null
            # a large directory, read while it shrinks
            mkdir big; cd big; seq 1 3000 | xargs touch; test "$(ls | wc -l)" = 3000
            ls | head -n 1500 | xargs rm; test "$(ls | wc -l)" = 1500; cd ..
            # flock, which nolock keeps in the client
            flock a true
            rm -rf $d'
            """;

    private PosixScript() {}
}
