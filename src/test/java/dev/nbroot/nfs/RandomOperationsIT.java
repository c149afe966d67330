package dev.nbroot.nfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nbroot.it.Needs;
import dev.nbroot.it.Thorough;
import dev.nbroot.nfs.export.Changes;
import dev.nbroot.nfs.export.Export;
import dev.nbroot.nfs.export.Squash;
import dev.nbroot.report.Events;
import dev.nbroot.system.Invocation;
import dev.nbroot.system.PosixFiles;
import dev.nbroot.system.TreeRemoval;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations of several users, done through the server and by system calls on a local directory: every result is
 * the same, and in the end both trees are. Served is a directory, or a client's overlay view, of which one thing is known
 * to be otherwise: what is a directory in the generation cannot be renamed, and programs like mv copy it then.
 * {@code -Dnbroot.random=N} sets how many runs there are, {@code -Dnbroot.random.seed=S} begins with that of an earlier
 * one; a run depends on nothing but its seed. A failure shows the last operations,
 * {@code -Dnbroot.random.shown=N} of them.
 */
class RandomOperationsIT {
    private static final int LITTLE = 3;
    private static final int MUCH = 400;
    private static final int OPERATIONS = 400;
    private static final int MOST_PAIRS = 40;
    private static final int SHOWN = Integer.getInteger("nbroot.random.shown", 60);
    private static final int XDEV = 18;
    private static final int STALE = 70;
    /** Not /tmp: that may be a tmpfs, which cannot be what a state directory is on. */
    private static final Path DISK = Path.of("/var/tmp");

    private static final int NOT_SYNC = 10002;
    private static final int[][] USERS = {{0, 0, 0}, {1000, 1000, 1000, 2000}, {1001, 1001, 2000}, {1002, 1002}};
    private static final String[] NAMES = {"a", "b", "c", "d", "e", "n".repeat(255)};
    private static final int[] MODES = {0, 0644, 0600, 0755, 0700, 0777, 01777, 02775, 02755, 04755, 06711, 0111, 0444};

    /** An object on both sides. */
    private record Pair(byte[] handle, int place, int number) {}

    private final LinuxPosixFiles posix = new LinuxPosixFiles();
    private final List<String> log = new ArrayList<>();
    private final List<Pair> pairs = new ArrayList<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Random random;
    private LocalModel model;
    private ServedTree served;
    /** The inodes, in the model, of what a view has from its generation. */
    private Set<Long> fromGeneration = Set.of();

    /** Of those, what was given another name, perhaps by its handle alone. */
    private final Set<Long> linked = new HashSet<>();

    private NfsServer server;
    private NfsSession session;
    private Export export;
    private Pair top;
    private int[] user;
    private int done;
    private int duplicates;
    private int restarts;
    private int unmoved;
    private int numbers;

    @ParameterizedTest
    @ValueSource(strings = {"directory", "view"})
    void everyResultIsThatOfALocalFileSystem(String kind) throws Exception {
        Needs.root();
        long seed = Thorough.seed("nbroot.random.seed");
        int runs = Thorough.amount("nbroot.random", LITTLE, MUCH);
        CompletableFuture<Void> result = new CompletableFuture<>();
        // A thread of its own, because it acts as other users.
        Thread thread = new Thread(() -> {
            long now = seed;
            try {
                model = new LocalModel(posix);
                for (int run = 0; run < runs; run++, now++) {
                    run(now, kind.equals("view"));
                }
                result.complete(null);
            } catch (Exception | AssertionError e) {
                List<String> last = log.subList(Math.max(0, log.size() - SHOWN), log.size());
                result.completeExceptionally(new AssertionError(
                        "-Dnbroot.random.seed=" + now + ": " + e + " after\n" + String.join("\n", last), e));
            }
        });
        thread.start();
        result.join();
        System.out.printf(
                "%s: %d operations in %d runs, %d calls sent twice, %d restarts, %d directories not renamed, seed %d%n",
                kind, done, runs, duplicates, restarts, unmoved, seed);
    }

    private void run(long seed, boolean onView) throws IOException {
        Path top = Files.createTempDirectory(DISK, "nbroot-random-");
        try {
            Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
            run(seed, onView, top);
        } finally {
            TreeRemoval.remove(top);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("failed");
    }

    private void run(long seed, boolean onView, Path directory) throws IOException {
        random = new Random(seed);
        log.clear();
        pairs.clear();
        model.become(0, 0);
        Path local = Files.createDirectory(directory.resolve("local"));
        Files.setPosixFilePermissions(local, PosixFilePermissions.fromString("rwxrwxrwx"));
        Changes changes = random.nextInt(3) == 0 ? Changes.ANYWHERE : Changes.HERE_ONLY;
        int localRoot = model.openRoot(local.toString());
        // Kept open, so that nothing else gets their inodes.
        List<Integer> lower = onView ? new RandomTree(model, random, NAMES, MODES).fill(localRoot) : List.of();
        linked.clear();
        fromGeneration = lower.stream().map(model::inode).collect(Collectors.toSet());
        served = new ServedTree(Files.createDirectory(directory.resolve("served")), local, onView);
        export = new Export("/e", Export.idOf("/e"), served, true, Squash.NONE, changes);
        serve();
        try {
            top = new Pair(session.mount("/e"), localRoot, numbers++);
            pairs.add(top);
            for (int i = 0; i < OPERATIONS; i++) {
                step();
            }
            for (Pair pair : pairs) {
                sameAttributes(pair);
            }
            model.become(0, 0);
            assertThat(listing(served.pathForOthers())).isEqualTo(listing(local));
        } finally {
            model.become(0, 0);
            pairs.forEach(pair -> model.close(pair.place()));
            lower.forEach(model::close);
            stop();
            served.unmake();
        }
    }

    /**
     * Everything but times: those of unlike moments differ. Of large files, which are holes, not the contents. Of a view,
     * which is looked at without the server, not the links.
     */
    private String listing(Path tree) {
        String links = served.isView() ? "-printf ''" : "-printf '%n'";
        return new LinuxCommands(Events.none())
                .run(Invocation.of(
                        "sh",
                        "-c",
                        "cd \"$1\" && find . -printf '\\n%P %y %m %U %G %l ' \\( -type f -printf '%s ' -o -true \\) "
                                + links
                                + " | sort; find . -type f -size -200k -exec sha256sum {} + | sort",
                        "sh",
                        tree.toString()))
                .text();
    }

    private void serve() throws IOException {
        NfsSettings settings = NfsSettings.usual(InetAddress.getLoopbackAddress(), new byte[16])
                .withPorts(0, 0, -1);
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        server = new NfsServer(settings, posix, ServeDirectory.policy(export), ServeDirectory.listener(to));
        server.start();
        session = new NfsSession(server.nfsPort(), random);
    }

    private void stop() throws IOException {
        duplicates += session.duplicates();
        session.close();
        server.close();
    }

    private Pair any() {
        return pairs.get(random.nextInt(pairs.size()));
    }

    /** {@return a directory, most of the time} */
    private Pair directory() {
        Pair pair = any();
        for (int i = 0; i < 5 && model.facts(pair.place()).type() != 2; i++) {
            pair = any();
        }
        return pair;
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private int mode() {
        return MODES[random.nextInt(MODES.length)];
    }

    private static int status(long result) {
        if (result >= 0) {
            return 0;
        }
        return switch ((int) -result) {
            case 36 -> 63;
            case 39 -> 66;
            case 116 -> STALE;
            case 95 -> 10004;
            case 26, 16 -> 13;
            case 40, 75 -> 22;
            default -> (int) -result;
        };
    }

    private void expect(String what, long local, int remote) {
        log.add("uid " + user[0] + " " + what + " -> " + remote);
        assertThat(remote).as(what + " as " + Arrays.toString(user)).isEqualTo(status(local));
    }

    private void step() throws IOException {
        user = USERS[random.nextInt(USERS.length)];
        int[] groups = Arrays.copyOfRange(user, 2, user.length);
        model.become(user[0], user[1], groups);
        session.become(user[0], user[1], groups);
        done++;
        int what = random.nextInt(22);
        Pair pair = what < 13 ? directory() : any();
        int links = model.facts(pair.place()).links();
        if (links == 0 && pair != top) {
            gone(pair);
            return;
        }
        switch (what) {
            case 0, 1, 2, 3 -> lookup(pair, name());
            case 4, 5 -> create(pair, name());
            case 6, 7 -> {
                int mode = mode();
                String name = name();
                int result = model.mkdir(pair.place(), name, mode & 01777);
                if (result == 0 && (mode & 06000) != 0) {
                    int made = model.lookup(pair.place(), name);
                    result = made < 0 ? 0 : model.chmod(made, mode);
                    model.close(made);
                }
                expect(
                        "mkdir " + id(pair) + "/" + name + " " + Integer.toOctalString(mode),
                        result,
                        session.mkdir(pair.handle(), name, new NfsSession.Set(mode, null, null, null, null)));
            }
            case 8 -> {
                String name = name();
                String target = random.nextBoolean() ? "../" + name() : "x".repeat(1 + random.nextInt(4000));
                expect(
                        "symlink " + id(pair) + "/" + name,
                        model.symlink(target, pair.place(), name),
                        session.symlink(pair.handle(), name, target));
            }
            case 9 -> mknod(pair, name());
            case 10 -> {
                String name = name();
                boolean directory = random.nextBoolean();
                expect(
                        (directory ? "rmdir " : "remove ") + id(pair) + "/" + name,
                        model.unlink(pair.place(), name, directory),
                        session.remove(pair.handle(), name, directory));
            }
            case 11, 12 -> {
                Pair to = directory();
                if (model.facts(to.place()).links() > 0) {
                    rename(pair, name(), to, name());
                }
            }
            case 13 -> {
                Pair directory = directory();
                if (model.facts(directory.place()).links() > 0) {
                    String name = name();
                    if (fromGeneration.contains(model.inode(pair.place()))) {
                        linked.add(model.inode(pair.place()));
                    }
                    expect(
                            "link " + id(pair) + " to " + id(directory) + "/" + name,
                            model.link(pair.place(), directory.place(), name),
                            session.link(pair.handle(), directory.handle(), name));
                }
            }
            case 14, 15 -> setattr(pair);
            case 16 -> write(pair);
            case 17 -> read(pair);
            case 18 -> list(pair);
            case 19 -> access(pair);
            case 20 -> readlink(pair);
            default -> {
                if (random.nextInt(20) == 0) {
                    restart();
                }
            }
        }
        if (pairs.contains(pair)) {
            sameAttributes(pair);
        }
    }

    private void rename(Pair from, String fromName, Pair to, String toName) throws IOException {
        String what = "rename " + id(from) + "/" + fromName + " to " + id(to) + "/" + toName;
        boolean mayRefuse = isLowerDirectory(from, fromName);
        int result = session.rename(from.handle(), fromName, to.handle(), toName);
        if (mayRefuse && result == XDEV) {
            log.add("uid " + user[0] + " " + what + " refused");
            unmoved++;
        } else {
            expect(what, model.rename(from.place(), fromName, to.place(), toName), result);
        }
    }

    private boolean isLowerDirectory(Pair directory, String name) {
        if (fromGeneration.isEmpty()) {
            return false;
        }
        int place = asRoot(() -> model.lookup(directory.place(), name));
        boolean is = place >= 0
                && fromGeneration.contains(model.inode(place))
                && model.facts(place).type() == 2;
        if (place >= 0) {
            model.close(place);
        }
        return is;
    }

    private int id(Pair pair) {
        return pair.number();
    }

    private void gone(Pair pair) throws IOException {
        log.add("gone " + id(pair));
        Object now = session.attributes(pair.handle());
        if (now instanceof NfsSession.Attributes attributes && !mayOutliveItsName(pair)) {
            assertThat(attributes.facts().links())
                    .as("links of what was removed")
                    .isZero();
        } else if (now instanceof NfsSession.Refused) {
            assertThat(now).isEqualTo(new NfsSession.Refused(STALE));
        }
        model.close(pair.place());
        pairs.remove(pair);
    }

    /** What overlayfs thinks to have another link stays in its index until the view is made anew, see IndexLinks. */
    private boolean mayOutliveItsName(Pair pair) {
        return fromGeneration.contains(model.inode(pair.place()))
                && model.facts(pair.place()).type() != 2;
    }

    private void sameAttributes(Pair pair) throws IOException {
        LocalModel.Facts facts = model.facts(pair.place());
        Object remote = session.attributes(pair.handle());
        if (facts.links() > 0) {
            assertThat(remote).isInstanceOf(NfsSession.Attributes.class);
            LocalModel.Facts seen = ((NfsSession.Attributes) remote).facts();
            assertThat(mayHaveOtherLinks(pair, facts, seen) ? seen.withLinks(facts.links()) : seen)
                    .as("attributes of " + id(pair))
                    .isEqualTo(facts);
        }
    }

    /** overlayfs does not count the links of directories, and those of files not always right, see IndexLinks. */
    private boolean mayHaveOtherLinks(Pair pair, LocalModel.Facts facts, LocalModel.Facts seen) {
        return served.isView()
                && (facts.type() == 2
                        || linked.contains(model.inode(pair.place())) && Math.abs(seen.links() - facts.links()) == 1);
    }

    private void lookup(Pair directory, String name) throws IOException {
        int place = model.lookup(directory.place(), name);
        Object found = session.lookup(directory.handle(), name);
        expect(
                "lookup " + id(directory) + "/" + name,
                place,
                found instanceof NfsSession.Refused refused ? refused.status() : 0);
        if (place >= 0) {
            Pair pair = new Pair((byte[]) found, place, numbers++);
            pairs.add(pair);
            log.add("  is " + id(pair));
            sameAttributes(pair);
            if (pairs.size() > MOST_PAIRS) {
                model.close(pairs.remove(1 + random.nextInt(MOST_PAIRS - 1)).place());
            }
        }
    }

    private void create(Pair directory, String name) throws IOException {
        int how = random.nextInt(3);
        int mode = mode();
        Long size = random.nextInt(4) == 0 ? (long) random.nextInt(5000) : null;
        long verifier = random.nextLong();
        int local = model.create(directory.place(), name, how == 2 ? 0 : mode);
        boolean made = local == 0;
        int there = made || how == 0 && local == LocalModel.EEXIST ? model.lookup(directory.place(), name) : -1;
        if (there >= 0) {
            if (!made) {
                local = model.facts(there).type() == 1 ? 0 : LocalModel.EEXIST;
            }
            if (local == 0 && size != null && how != 2) {
                local = made ? asRoot(() -> model.truncate(there, size)) : model.truncate(there, size);
            }
            model.close(there);
        } else if (how == 0 && local == LocalModel.EEXIST) {
            local = there;
        }
        NfsSession.Set set = new NfsSession.Set(mode, null, null, size, null);
        String what = "create " + id(directory) + "/" + name + " how " + how + " " + Integer.toOctalString(mode);
        expect(what, local, session.create(directory.handle(), name, how, set, verifier));
        if (made && how == 2) {
            if (random.nextInt(8) == 0) {
                restart();
            }
            expect(what + " again", 0, session.create(directory.handle(), name, how, set, verifier));
            expect(
                    what + " by another",
                    LocalModel.EEXIST,
                    session.create(directory.handle(), name, how, set, verifier + 1));
        }
    }

    private interface Result {
        int get();
    }

    private int asRoot(Result result) {
        posix.setFsUser(0);
        int value = result.get();
        posix.setFsUser(user[0]);
        return value;
    }

    private void mknod(Pair directory, String name) throws IOException {
        int type = new int[] {3, 4, 6, 7}[random.nextInt(4)];
        int format = new int[] {0060000, 0020000, 0140000, 0010000}[type == 3 ? 0 : type == 4 ? 1 : type - 4];
        int major = type <= 4 ? random.nextInt(4096) : 0;
        int minor = type <= 4 ? random.nextInt(1 << 20) : 0;
        int mode = mode() & 01777;
        expect(
                "mknod " + id(directory) + "/" + name + " " + type,
                model.mknod(directory.place(), name, format | mode, major, minor),
                session.mknod(
                        directory.handle(),
                        name,
                        type,
                        new NfsSession.Set(mode, null, null, null, null),
                        major,
                        minor));
    }

    private void setattr(Pair pair) throws IOException {
        int type = model.facts(pair.place()).type();
        NfsSession.Set set;
        int local;
        String what;
        switch (random.nextInt(4)) {
            case 0 -> {
                if (type == 5) {
                    return;
                }
                int mode = mode();
                set = new NfsSession.Set(mode, null, null, null, null);
                what = "mode " + Integer.toOctalString(mode);
                local = 0;
            }
            case 1 -> {
                int uid = USERS[random.nextInt(USERS.length)][0];
                int gid = new int[] {0, 1000, 2000}[random.nextInt(3)];
                set = new NfsSession.Set(
                        null, random.nextBoolean() ? uid : null, random.nextBoolean() ? gid : null, null, null);
                what = "owner " + set.uid() + ":" + set.gid();
                local = 1;
            }
            case 2 -> {
                long size = random.nextInt(3) == 0 ? random.nextInt(1 << 30) * 6L : random.nextInt(10_000);
                set = new NfsSession.Set(null, null, null, size, null);
                what = "size " + size;
                local = 2;
            }
            default -> {
                set = new NfsSession.Set(null, null, null, null, (long) random.nextInt(2_000_000_000));
                what = "time " + set.seconds();
                local = 3;
            }
        }
        NfsSession.Attributes guard =
                random.nextInt(3) == 0 ? (NfsSession.Attributes) session.attributes(pair.handle()) : null;
        if (guard != null && random.nextBoolean()) {
            guard = new NfsSession.Attributes(
                    guard.facts(), 0, guard.changeSeconds(), guard.changeNanos() ^ 1, guard.modifySeconds());
            log.add("wrong guard");
            assertThat(session.setattr(pair.handle(), set, guard)).isEqualTo(NOT_SYNC);
            return;
        }
        int result = switch (local) {
            case 0 -> model.chmod(pair.place(), set.mode());
            case 1 ->
                set.uid() == null && set.gid() == null
                        ? 0
                        : model.chown(
                                pair.place(), set.uid() == null ? -1 : set.uid(), set.gid() == null ? -1 : set.gid());
            case 2 -> model.truncate(pair.place(), set.size());
            default -> model.touch(pair.place(), set.seconds());
        };
        expect("setattr " + id(pair) + " " + what, result, session.setattr(pair.handle(), set, guard));
        if (local == 3 && result == 0) {
            assertThat(((NfsSession.Attributes) session.attributes(pair.handle())).modifySeconds())
                    .isEqualTo((int) model.modifiedSeconds(pair.place()));
        }
    }

    private void write(Pair pair) throws IOException {
        byte[] data = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 60_000 : 200)];
        random.nextBytes(data);
        long offset = random.nextInt(6) == 0 ? random.nextInt(1 << 30) * 6L : random.nextInt(8000);
        int stable = random.nextInt(30) == 0 ? 2 : 0;
        expect(
                "write " + id(pair) + " " + data.length + " at " + offset,
                model.write(pair.place(), offset, data),
                session.write(pair.handle(), offset, data, stable));
        read(pair);
    }

    private void read(Pair pair) throws IOException {
        long size = model.facts(pair.place()).size();
        long offset = size < 2 || random.nextBoolean() ? random.nextInt(4000) : (long) (random.nextDouble() * size);
        int count = 1 + random.nextInt(40_000);
        Object local = model.read(pair.place(), offset, count);
        Object remote = session.read(pair.handle(), offset, count);
        log.add("uid " + user[0] + " read " + id(pair));
        assertThat(data(remote)).as("read " + id(pair)).isEqualTo(data(local));
    }

    private static String data(Object result) {
        return result instanceof byte[] bytes
                ? bytes.length + " bytes " + Arrays.hashCode(bytes)
                : result instanceof Integer error
                        ? new NfsSession.Refused(status(error)).toString()
                        : result.toString();
    }

    private void list(Pair pair) throws IOException {
        Object local = model.names(pair.place());
        Object remote = session.names(pair.handle(), random.nextBoolean(), 600 + random.nextInt(3000), () -> {});
        log.add("uid " + user[0] + " list " + id(pair));
        if (local instanceof Integer error) {
            assertThat(remote).isEqualTo(new NfsSession.Refused(status(error)));
        } else {
            assertThat(remote).isEqualTo(local);
        }
    }

    private void access(Pair pair) throws IOException {
        int wanted = 0;
        boolean directory = model.facts(pair.place()).type() == 2;
        wanted |= model.access(pair.place(), PosixFiles.MAY_READ) >= 0 ? 0x01 : 0;
        wanted |= model.access(pair.place(), PosixFiles.MAY_WRITE) >= 0 ? directory ? 0x1c : 0x0c : 0;
        wanted |= model.access(pair.place(), PosixFiles.MAY_EXECUTE) >= 0 ? directory ? 0x02 : 0x20 : 0;
        log.add("uid " + user[0] + " access " + id(pair));
        assertThat(session.access(pair.handle())).as("access of " + id(pair)).isEqualTo(wanted);
    }

    private void readlink(Pair pair) throws IOException {
        Object local = model.readlink(pair.place());
        Object remote = session.readlink(pair.handle());
        log.add("readlink " + id(pair));
        if (local instanceof Integer error) {
            assertThat(remote).isEqualTo(new NfsSession.Refused(status(error)));
        } else {
            assertThat(remote).isEqualTo(local);
        }
    }

    /** Handles go on to work, and the verifier tells clients to send again what they have not committed. */
    private void restart() throws IOException {
        log.add("restart");
        restarts++;
        session.become(0, 0);
        long before = verifier();
        stop();
        model.become(0, 0);
        served.reopen();
        serve();
        session.become(0, 0);
        long after = verifier();
        assertThat(after == 0 || before != after).as("another write verifier").isTrue();
        int[] groups = Arrays.copyOfRange(user, 2, user.length);
        model.become(user[0], user[1], groups);
        session.become(user[0], user[1], groups);
    }

    private long verifier() throws IOException {
        for (Pair pair : pairs) {
            LocalModel.Facts facts = model.facts(pair.place());
            if (facts.type() == 1 && facts.links() > 0) {
                return session.commit(pair.handle());
            }
        }
        return 0;
    }
}
