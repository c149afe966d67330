"""What people do on a machine, with results that are the same on every file system.

usage: workloads.py DIRECTORY [SCALE]
Prints lines "result NAME VALUE": those of a run on a local disk are what those of a run over NFS have to be.
"""
import errno
import fcntl
import hashlib
import io
import multiprocessing
import os
import random
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import time

DIRECTORY = os.path.abspath(sys.argv[1])
SCALE = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
IDLE_SECONDS = 25
FILES = int(6000 * SCALE)
FIXED = dict(
    os.environ, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.org", GIT_AUTHOR_DATE="1000000000 +0000",
    GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.org", GIT_COMMITTER_DATE="1000000000 +0000",
    GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null", HOME="/nonexistent", LC_ALL="C")


def result(name, value):
    print("result %s %r" % (name, value), flush=True)


def run(*command, cwd=None):
    said = subprocess.run(
        command, cwd=cwd or DIRECTORY, env=FIXED, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    if said.returncode != 0:
        last = " / ".join(said.stdout.decode(errors="replace").splitlines()[-5:])
        print("FAIL %s: status %d: %s" % (" ".join(command), said.returncode, last), flush=True)
    return said.stdout.decode(errors="replace")


def path(*names):
    return os.path.join(DIRECTORY, *names)


def tree(root, times=True):
    """A checksum of names, kinds, modes, owners, links, contents, and whole seconds of files' times."""
    total = hashlib.sha256()
    count = 0
    for directory, subdirectories, files in os.walk(root):
        subdirectories.sort()
        for name in sorted(subdirectories + files):
            count += 1
            full = os.path.join(directory, name)
            s = os.lstat(full)
            total.update(("%s %o %d %d " % (os.path.relpath(full, root), s.st_mode, s.st_uid, s.st_gid)).encode())
            if stat.S_ISREG(s.st_mode):
                total.update(b"%d %d %d " % (s.st_nlink, s.st_size, s.st_mtime if times else 0))
                with open(full, "rb") as f:
                    total.update(f.read())
            elif stat.S_ISLNK(s.st_mode):
                total.update(os.readlink(full).encode())
    return "%d %s" % (count, total.hexdigest())


def source_tree():
    """An archive in memory like that of a program's sources: many small files, some large, links."""
    chance = random.Random(7)
    text = [bytes(chance.choices(b"abcdefghij \n", k=4000)) for _ in range(20)]
    archive = tempfile.NamedTemporaryFile(suffix=".tar")
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for i in range(FILES):
            name = "src/d%d/e%d/file%d.c" % (i % 23, i % 11, i)
            entry = tarfile.TarInfo(name)
            entry.mtime = 1000000000 + i
            entry.mode = 0o755 if i % 50 == 0 else 0o644
            entry.uid = entry.gid = i % 3
            if i % 40 == 7:
                entry.type, entry.linkname = tarfile.SYMTYPE, "../../d%d/e%d/file%d.c" % (
                    (i - 1) % 23, (i - 1) % 11, i - 1)
                tar.addfile(entry)
                continue
            if i % 40 == 23:
                before = i - 1
                entry.type, entry.linkname = tarfile.LNKTYPE, "src/d%d/e%d/file%d.c" % (
                    before % 23, before % 11, before)
                tar.addfile(entry)
                continue
            size = 3_000_000 if i % 997 == 5 else int(chance.expovariate(1 / 5000))
            content = (chance.choice(text) * (size // 4000 + 1))[:size]
            entry.size = size
            tar.addfile(entry, io.BytesIO(content))
    archive.flush()
    return archive


def untar():
    with source_tree() as archive:
        run("tar", "xpf", archive.name)
    result("untar", tree(path("src")))
    run("cp", "-a", "src", "copy")
    result("cp -a", tree(path("copy")))
    result("diff -r", run("diff", "-r", "src", "copy"))
    result("find", len(run("find", "copy", "-type", "f", "-name", "*7.c").split()))
    run("mv", "copy/d1", "copy/d2/moved")
    run("sh", "-c", "grep -l abc -r copy | sort | sha256sum > greps; chmod -R go-r copy/d3; chown -R 5:6 copy/d4")
    result("changed", tree(path("copy")))
    with open(path("greps")) as f:
        result("grep -r", f.read())
    run("tar", "cf", "again.tar", "--sort=name", "--format=gnu", "copy")
    run("tar", "df", "again.tar")
    run("rm", "-rf", "copy")
    result("rm -rf", os.path.exists(path("copy")))


def git():
    run("git", "init", "-q", "-b", "main", "origin")
    run("cp", "-r", "src/d0", "src/d5", "origin/")
    run("git", "add", ".", cwd=path("origin"))
    run("git", "commit", "-q", "-m", "one", cwd=path("origin"))
    run("sh", "-c", "for f in d0/*/*; do [ -L $f ] || echo more >> $f; done; git rm -q -r d5/e1", cwd=path("origin"))
    run("git", "commit", "-q", "-a", "-m", "two", cwd=path("origin"))
    run("git", "clone", "-q", "--no-hardlinks", "origin", "clone")
    run("git", "clone", "-q", "origin", "linked")
    result("git fsck", run("git", "fsck", "--full", "--strict", "--no-progress", cwd=path("clone")))
    run("git", "checkout", "-q", "-b", "side", "HEAD~1", cwd=path("clone"))
    run("git", "checkout", "-q", "main", cwd=path("clone"))
    run("git", "gc", "-q", cwd=path("clone"))
    run("git", "repack", "-q", "-a", "-d", "-f", cwd=path("linked"))
    result("git status", run("git", "status", "--porcelain", cwd=path("clone")))
    result("git fsck after gc", run("git", "fsck", "--full", "--no-progress", cwd=path("clone")))
    result("git fsck after repack", run("git", "fsck", "--full", "--no-progress", cwd=path("linked")))
    result("git head", run("git", "log", "--format=%H %T", cwd=path("clone")))
    shutil.rmtree(path("clone"))


def fill(file, who, rows, journal):
    db = sqlite3.connect(file, timeout=600, isolation_level=None)
    db.execute("pragma journal_mode=" + journal)
    for i in range(rows):
        db.execute("begin immediate")
        db.execute("insert into t values(?, ?, ?)", (who, i, "%d-%d" % (who, i) * 50))
        db.execute("update sums set total = total + ?", (i,))
        db.execute("commit")
        if i % 40 == 0:
            db.execute("select count(*), sum(length(text)) from t").fetchone()
    db.close()


def together(target, arguments):
    """Runs a function in several processes at once."""
    processes = [multiprocessing.Process(target=target, args=a) for a in arguments]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
        if p.exitcode != 0:
            print("FAIL %s: status %s" % (target.__name__, p.exitcode), flush=True)


def sqlite():
    rows = int(250 * SCALE)
    for journal in ("wal", "delete"):
        file = path("db-" + journal)
        db = sqlite3.connect(file)
        db.execute("pragma journal_mode=" + journal)
        db.execute("create table t(who, i, text, primary key(who, i))")
        db.execute("create table sums(total)")
        db.execute("insert into sums values(0)")
        db.commit()
        db.close()
        together(fill, [(file, who, rows, journal) for who in range(4)])
        db = sqlite3.connect(file)
        result("sqlite " + journal, db.execute("pragma integrity_check").fetchall())
        result("its rows", db.execute("select count(*), sum(i), sum(length(text)) from t").fetchone())
        result("its sum", db.execute("select total from sums").fetchone())
        db.close()


def churn(who):
    chance = random.Random(who)
    for i in range(int(400 * SCALE)):
        name = path("busy", "n%d-%d" % (who, chance.randrange(40)))
        what = chance.randrange(6)
        if what < 2:
            with open(name + ".new", "w") as f:
                f.write(str(i))
                f.flush()
                if i % 9 == 0:
                    os.fsync(f.fileno())
            os.rename(name + ".new", name)
        elif what == 2 and os.path.exists(name):
            os.unlink(name)
        elif what == 3 and os.path.exists(name) and not os.path.exists(name + ".link"):
            os.link(name, name + ".link")
        elif what == 4:
            os.makedirs(name + ".d/x/y", exist_ok=True)
            open(name + ".d/x/y/z", "a").close()
        elif what == 5:
            shutil.rmtree(name + ".d", ignore_errors=True)
        seen = os.listdir(path("busy"))
        if len(seen) != len(set(seen)):
            raise SystemExit("a name was listed twice")


def locked_append(who):
    for i in range(int(200 * SCALE)):
        with open(path("appended"), "a") as f:
            fcntl.lockf(f, fcntl.LOCK_EX)
            f.write("%d %d\n" % (who, i))


def count_up(_):
    for _ in range(int(200 * SCALE)):
        with open(path("counter"), "r+") as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            value = int(f.read() or 0) + 1
            f.seek(0)
            f.write(str(value))


def concurrent():
    os.mkdir(path("busy"))
    together(churn, [(who,) for who in range(6)])
    names = sorted(os.listdir(path("busy")))
    result("concurrent", hashlib.sha256(repr([
        (n, os.lstat(path("busy", n)).st_nlink if not n.endswith(".d") else 0,
         open(path("busy", n)).read() if not n.endswith(".d") else "") for n in names]).encode()).hexdigest())
    together(locked_append, [(who,) for who in range(4)])
    with open(path("appended")) as f:
        result("appended under a lock", hashlib.sha256("".join(sorted(f)).encode()).hexdigest())
    open(path("counter"), "w").close()
    together(count_up, [(who,) for who in range(4)])
    with open(path("counter")) as f:
        result("counted under a lock", f.read())
    shutil.rmtree(path("busy"))


def packages():
    """Debian's own way to put files in place: write, sync, link aside, rename over."""
    for version in (1, 2, 3):
        for number in range(int(12 * SCALE) or 2):
            root = tempfile.mkdtemp()
            os.chmod(root, 0o755)
            os.mkdir(root + "/DEBIAN")
            with open(root + "/DEBIAN/control", "w") as f:
                f.write("Package: p%d\nVersion: %d\nArchitecture: all\nMaintainer: a <a@example.org>\n"
                        "Description: x\n" % (number, version))
            for i in range(60):
                file = "%s/usr/lib/p%d/%d/f%d" % (root, number, i % 7, i + version)
                os.makedirs(os.path.dirname(file), exist_ok=True)
                with open(file, "w") as f:
                    f.write("%d of version %d\n" % (i, version) * (i + 1))
                os.utime(file, (1000000000, 1000000000))
            os.symlink("7/f7", "%s/usr/lib/p%d/link" % (root, number))
            run("dpkg-deb", "--build", "--root-owner-group", root, "/run/p%d-%d.deb" % (number, version))
            shutil.rmtree(root)
        os.makedirs(path("packages", "var/lib/dpkg/info"), exist_ok=True)
        os.makedirs(path("packages", "var/lib/dpkg/updates"), exist_ok=True)
        for file in ("status", "available"):
            open(path("packages", "var/lib/dpkg", file), "a").close()
        run("sh", "-c", "dpkg --root=packages --log=/dev/null --install /run/p*-%d.deb" % version)
        result("dpkg, version %d" % version, tree(path("packages", "usr")))
    result("dpkg --verify", run("dpkg", "--root=packages", "--verify"))
    run("sh", "-c", "rm /run/p*.deb; dpkg --root=packages --log=/dev/null --purge $(seq -f 'p%g' 0 1)")
    result("dpkg --purge", tree(path("packages", "usr")))


def read(file):
    file.seek(0)
    return file.read()


def below():
    """What was there before, as a generation's files are below a client's view: changed, moved, removed, replaced."""
    base = path("below")
    low = [os.path.join(base, "low%d" % i) for i in range(40)]
    held = {i: open(low[i]) for i in range(1, 30)}
    directory = os.open(base + "/sub", os.O_RDONLY)
    os.chmod(low[1], 0o600)
    with open(low[2], "a") as f:
        f.write("more")
    os.link(low[3], base + "/three")
    os.rename(low[4], base + "/sub/four")
    os.unlink(low[5])
    os.truncate(low[6], 0)
    with open(base + "/new", "w") as f:
        f.write("new seven")
    os.rename(base + "/new", low[7])
    os.unlink(low[8])
    os.mkdir(low[8])
    os.chown(low[9], 7, 8)
    with open(low[10], "r+") as f, open(low[10]) as reader:
        before = reader.read()
        f.write("X")
        f.flush()
        result("copied up under a reader", (before, read(reader), read(held[10])))
    os.rename(low[11], low[12])
    os.chmod(base + "/sub", 0o711)
    shutil.move(base + "/sub/deep", base + "/moved")
    os.mkdir(base + "/sub/deep")
    result("a directory made anew is empty", os.listdir(base + "/sub/deep"))
    with open(base + "/sub/deep/f1", "w") as f:
        f.write("another")
    shutil.rmtree(base + "/moved")
    with open(base + "/sub/twin1", "a") as f:
        f.write("twin")
    # Longer than the server keeps what is not used open: it then finds all of it by handle again.
    time.sleep(IDLE_SECONDS)
    result("held files", {i: (read(f), os.fstat(f.fileno()).st_mode) for i, f in held.items()})
    result("held directory", (sorted(os.listdir(directory)), oct(os.fstat(directory).st_mode)))
    for f in held.values():
        f.close()
    os.close(directory)
    result("below", (len(os.listdir(base)), tree(base, times=False)))
    run("rm", "-rf", "below")
    result("below is gone", os.path.exists(base))


ACCESS = "system.posix_acl_access"
DEFAULT = "system.posix_acl_default"
OWNER, USER, GROUP_OWNER, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
NOBODY_IN_PARTICULAR = 0xffffffff


def acl(*entries):
    """An access control list as the kernel takes it: (tag, permissions[, id])."""
    return struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", e[0], e[1], e[2] if len(e) > 2 else NOBODY_IN_PARTICULAR) for e in entries)


def entries(file, name):
    try:
        value = os.getxattr(file, name)
    except OSError as e:
        return errno.errorcode[e.errno]
    return [struct.unpack_from("<HHI", value, at) for at in range(4, len(value), 8)]


def attempt(call, *arguments):
    try:
        call(*arguments)
        return "done"
    except OSError as e:
        return errno.errorcode[e.errno]


def as_user(uid, groups, call, *arguments):
    """Whether another user may, found out in a process of its own."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setgroups(groups)
        os.setgid(groups[0])
        os.setuid(uid)
        os.write(into, attempt(call, *arguments).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as f:
        said = f.read()
    os.waitpid(pid, 0)
    return said


def reading(file):
    with open(file) as f:
        f.read()


def appending(file):
    with open(file, "a") as f:
        f.write("x")


def access_lists():
    base = path("acl")
    os.mkdir(base)
    file = base + "/file"
    with open(file, "w") as f:
        f.write("x")
    os.chmod(file, 0o600)
    result("no list", entries(file, ACCESS))
    os.setxattr(file, ACCESS, acl(
        (OWNER, 6), (USER, 6, 1000), (USER, 0, 1001), (GROUP_OWNER, 0), (GROUP, 4, 2000), (MASK, 6), (OTHER, 0)))
    result("a list", (entries(file, ACCESS), oct(os.stat(file).st_mode), sorted(os.listxattr(file))))
    for uid, group in ((1000, 1), (1001, 2000), (1002, 2000), (1003, 3)):
        result("user %d of group %d" % (uid, group), (
            as_user(uid, [group], reading, file), as_user(uid, [group], appending, file),
            as_user(uid, [group], os.setxattr, file, ACCESS, acl((OWNER, 7), (GROUP_OWNER, 7), (OTHER, 7))),
            as_user(uid, [group], os.chmod, file, 0o777)))
    os.chmod(file, 0o640)
    result("chmod sets the mask", (entries(file, ACCESS), as_user(1000, [1], appending, file)))
    result("a wrong list", attempt(os.setxattr, file, ACCESS, acl((OWNER, 6), (USER, 6, 1000), (OTHER, 0))))
    result("no default for files", attempt(os.setxattr, file, DEFAULT, acl((OWNER, 7), (GROUP_OWNER, 7), (OTHER, 7))))
    os.removexattr(file, ACCESS)
    result("removed", (entries(file, ACCESS), oct(os.stat(file).st_mode)))
    directory = base + "/directory"
    os.mkdir(directory)
    os.chmod(directory, 0o777)
    os.setxattr(directory, DEFAULT, acl(
        (OWNER, 7), (USER, 7, 1000), (GROUP_OWNER, 5), (MASK, 7), (OTHER, 1)))
    result("a default list", (entries(directory, ACCESS), entries(directory, DEFAULT)))
    for mask in (0o022, 0o077):
        os.umask(mask)
        made = directory + "/made%o" % mask
        with open(made, "w") as f:
            f.write("x")
        os.mkdir(made + ".d")
        os.mkdir(made + ".d2", 0o700)
        os.mkfifo(made + ".fifo")
        os.symlink("x", made + ".link")
        as_user(1002, [2000], os.mkdir, made + ".theirs")
        for new in (made, made + ".d", made + ".d2", made + ".fifo", made + ".theirs"):
            s = os.stat(new)
            result("made under umask %o" % mask, (
                os.path.basename(new), oct(s.st_mode), s.st_uid, entries(new, ACCESS), entries(new, DEFAULT)))
    os.umask(0o022)
    os.removexattr(directory, DEFAULT)
    result("default removed", (entries(directory, DEFAULT), attempt(os.mkdir, directory + "/plain"),
                               entries(directory + "/plain", ACCESS)))
    run("cp", "-a", "acl", "acl-copy")
    result("copied", entries(path("acl-copy/directory/made22"), ACCESS))


os.umask(0o022)
for part in (below, access_lists, untar, git, sqlite, concurrent, packages):
    part()
print("suite done", flush=True)
