"""What a Linux machine expects of its root file system, checked through the kernel's NFS client.

usage: posix.py DIRECTORY
Prints a line for each check, "ok NAME" or "FAIL NAME: what was seen".
"""
import errno
import fcntl
import mmap
import os
import shutil
import socket
import sqlite3
import stat
import sys
import threading
import time

BASE = sys.argv[1]


def check(name, seen, wanted=True):
    print("ok %s" % name if seen == wanted else "FAIL %s: %r" % (name, seen), flush=True)


def error(call, *arguments):
    try:
        call(*arguments)
        return 0
    except OSError as e:
        return e.errno


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def read(path):
    with open(path) as f:
        return f.read()


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def as_user(call, uid=1000, gid=1000, groups=(1000,)):
    """Calls as another user, in a process of its own."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups(groups)
            os.setgid(gid)
            os.setuid(uid)
            result = call()
        except BaseException as e:
            result = repr(e)
        os.write(into, repr(result).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as f:
        text = f.read()
    os.waitpid(pid, 0)
    return eval(text)


def special_files():
    os.mknod("null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
    check("character device", os.lstat("null").st_rdev, os.makedev(1, 3))
    check("its mode, with umask 022", mode("null"), 0o644)
    os.mknod("block", stat.S_IFBLK | 0o600, os.makedev(259, 300000))
    check("block device with large numbers", os.lstat("block").st_rdev, os.makedev(259, 300000))
    write("null", "gone")
    check("device works", read("null"), "")
    os.mkfifo("fifo")
    writer = threading.Thread(target=write, args=("fifo", "through"))
    writer.start()
    check("FIFO works", read("fifo"), "through")
    writer.join()
    with socket.socket(socket.AF_UNIX) as s:
        s.bind("socket")
        s.listen()
        with socket.socket(socket.AF_UNIX) as c:
            c.connect("socket")
    check("socket", stat.S_ISSOCK(os.lstat("socket").st_mode))
    check("no devices for users", as_user(lambda: error(os.mknod, "../pub/dev", stat.S_IFCHR, 259)), errno.EPERM)


def links():
    os.symlink("some/where", "link")
    check("symbolic link", os.readlink("link"), "some/where")
    os.symlink("x" * 4000, "long")
    check("long symbolic link", os.readlink("long"), "x" * 4000)
    write("a", "data")
    os.link("a", "b")
    check("hard link", (os.stat("a").st_nlink, os.stat("a").st_ino == os.stat("b").st_ino), (2, True))
    os.rename("a", "b")
    check("rename onto the same file does nothing", os.path.exists("a"))
    os.link("link", "link2")
    check("hard link to a symbolic link", os.readlink("link2"), "some/where")
    check("no hard link to a directory", error(os.link, ".", "dirlink"), errno.EPERM)


def names():
    long = "n" * 255
    write(long, "x")
    check("255 bytes", long in os.listdir("."))
    check("256 bytes", error(write, "n" * 256, ""), errno.ENAMETOOLONG)
    os.rename(long, "\u00e9" * 127)
    check("names are bytes", "\u00e9" * 127 in os.listdir("."))
    check("parent", os.stat("..").st_ino, os.stat(BASE + "/run").st_ino)


def removal():
    f = open("open", "w+")
    f.write("hello")
    f.flush()
    os.unlink("open")
    f.seek(0)
    check("an unlinked file stays readable", f.read(), "hello")
    f.close()
    check("and leaves nothing", [n for n in os.listdir(".") if n.startswith(".nfs")], [])
    write("r1", "1")
    write("r2", "2")
    f = open("r2")
    os.rename("r1", "r2")
    check("rename over", read("r2"), "1")
    check("what was there stays readable", f.read(), "2")
    f.close()
    os.makedirs("d/inside")
    os.mkdir("e")
    check("rename over a full directory", error(os.rename, "e", "d"), errno.ENOTEMPTY)
    check("rmdir of a full directory", error(os.rmdir, "d"), errno.ENOTEMPTY)
    check("unlink of a directory", error(os.unlink, "d"), errno.EISDIR)
    check("rmdir of a file", error(os.rmdir, "r2"), errno.ENOTDIR)
    check("rename into itself", error(os.rename, "d", "d/inside/d"), errno.EINVAL)
    os.rmdir("d/inside")
    os.rename("e", "d")
    check("rename over an empty directory", os.listdir("d"), [])


def contents():
    with open("sparse", "wb") as f:
        f.seek(5 << 30)
        f.write(b"end")
    s = os.stat("sparse")
    check("more than 4 GiB", s.st_size, (5 << 30) + 3)
    check("sparse", s.st_blocks < 1000)
    with open("sparse", "rb") as f:
        f.seek((4 << 30) + 7)
        check("hole", f.read(10), bytes(10))
        f.seek(5 << 30)
        check("its end", f.read(10), b"end")
    os.truncate("sparse", 1)
    os.truncate("sparse", 100)
    check("truncated and extended", read("sparse"), "\0" * 100)
    data = os.urandom(5_000_001)
    with open("blob", "wb") as f:
        f.write(data)
        os.fsync(f.fileno())
    write("/proc/sys/vm/drop_caches", "3")
    with open("blob", "rb") as f:
        check("contents come back", f.read() == data)
    with open("mapped", "w+b") as f:
        f.truncate(8192)
        with mmap.mmap(f.fileno(), 8192) as m:
            m[4096:4100] = b"mmap"
            m.flush()
    with open("mapped", "rb") as f:
        check("mapped", f.read()[4096:4100], b"mmap")
    with open("log", "a") as one, open("log", "a") as two:
        for f in (one, two, one):
            f.write("x")
            f.flush()
    check("append", read("log"), "xxx")
    fd = os.open("sync", os.O_CREAT | os.O_WRONLY | os.O_SYNC)
    os.write(fd, bytes(300_000))
    os.close(fd)
    check("O_SYNC", os.stat("sync").st_size, 300_000)
    fd = os.open("direct", os.O_CREAT | os.O_RDWR | os.O_DIRECT)
    with mmap.mmap(-1, 1 << 20) as m:
        m.write(b"D" * (1 << 20))
        os.write(fd, m)
    os.close(fd)
    check("O_DIRECT", os.stat("direct").st_size, 1 << 20)
    with open("locked", "w") as f:
        check("lock", error(fcntl.lockf, f, fcntl.LOCK_EX | fcntl.LOCK_NB), 0)
    db = sqlite3.connect("db")
    db.execute("pragma journal_mode=wal")
    db.execute("create table t(a)")
    db.executemany("insert into t values(?)", [(i,) for i in range(500)])
    db.commit()
    check("sqlite with WAL", db.execute("select count(*), sum(a) from t").fetchone(), (500, 124750))
    db.close()


def owners():
    write("own", "x")
    os.chown("own", 1000, 1001)
    check("chown", (os.stat("own").st_uid, os.stat("own").st_gid), (1000, 1001))
    os.chmod("own", 0o6755)
    check("setuid and setgid", mode("own"), 0o6755)
    os.chown("own", 1000, 1000)
    check("chown clears them", mode("own"), 0o755)
    os.chmod("own", 0o4777)
    as_user(lambda: write("own", "changed"))
    check("writing clears setuid", mode("own"), 0o777)
    os.mkdir("sticky")
    os.chmod("sticky", 0o1777)
    write("sticky/roots", "")
    check("sticky", as_user(lambda: error(os.unlink, "sticky/roots")), errno.EPERM)
    os.mkdir("group")
    os.chown("group", 0, 2000)
    os.chmod("group", 0o2777)
    os.mkdir("group/sub")
    check("setgid directory", (os.stat("group/sub").st_gid, mode("group/sub")), (2000, 0o2755))
    check("no chown for users", as_user(lambda: error(os.chown, "own", 0, 0)), errno.EPERM)
    check("chgrp to an own group", as_user(lambda: error(os.chown, "own", -1, 77), groups=(77,)), 0)
    write("secret", "s")
    os.chown("secret", 0, 3000)
    os.chmod("secret", 0o040)
    check("denied", as_user(lambda: error(read, "secret")), errno.EACCES)
    check("read by a supplementary group", as_user(lambda: read("secret"), groups=(5, 3000)), "s")

    def mode_000():
        fd = os.open("../pub/m", os.O_CREAT | os.O_RDWR, 0o600)
        os.fchmod(fd, 0)
        os.write(fd, b"mine")
        os.fsync(fd)
        os.ftruncate(fd, 3)
        os.lseek(fd, 0, 0)
        data = os.read(fd, 10)
        os.close(fd)
        return data, error(read, "../pub/m")

    check("an open file of mode 000", as_user(mode_000), (b"min", errno.EACCES))
    check("executable only", (os.chmod("secret", 0o711), as_user(lambda: error(read, "secret")))[1], errno.EACCES)


def creation():
    fd = os.open("exclusive", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640)
    os.close(fd)
    check("exclusive create", mode("exclusive"), 0o640)
    check("its times", abs(os.stat("exclusive").st_mtime - time.time()) < 3600)
    check("again", error(os.open, "exclusive", os.O_CREAT | os.O_EXCL), errno.EEXIST)
    before = os.umask(0)
    write("open-to-all", "")
    os.umask(before)
    check("the client's umask counts, not the server's", mode("open-to-all"), 0o666)
    os.utime("exclusive", ns=(5_123_456_789, 6_987_654_321))
    s = os.stat("exclusive")
    check("times to the nanosecond", (s.st_atime_ns, s.st_mtime_ns), (5_123_456_789, 6_987_654_321))
    check("times by others", as_user(lambda: error(os.utime, "exclusive", (1, 1))), errno.EPERM)
    os.chmod("exclusive", 0o666)
    check("present time by who may write", as_user(lambda: error(os.utime, "exclusive")), 0)
    s = os.statvfs(".")
    check("statvfs", s.f_blocks > 0 and s.f_namemax == 255)
    check("pathconf", os.pathconf(".", "PC_NAME_MAX"), 255)


def large_directory(directory, count):
    os.makedirs(directory, exist_ok=True)
    had = len(os.listdir(directory))
    for i in range(count):
        write("%s/file%05d" % (directory, i), "")
    check("%s is listed whole" % directory, len(os.listdir(directory)), count + had)
    seen = set()
    twice = 0
    for i, entry in enumerate(os.scandir(directory)):
        twice += entry.name in seen
        seen.add(entry.name)
        if i % 3 == 0:
            os.unlink("%s/%s" % (directory, entry.name))
        if i % 7 == 0:
            write("%s/new%05d" % (directory, i), "")
    check("%s: none missed while it changed" % directory, {"file%05d" % i for i in range(count)} - seen, set())
    check("%s: none seen twice" % directory, twice, 0)
    shutil.rmtree(directory)
    check("%s is removed" % directory, os.path.exists(directory), False)


def lower_files():
    check("a file of the lower layer", read(BASE + "/below"), "below\n")
    f = open(BASE + "/below")
    with open(BASE + "/below", "a") as a:
        a.write("and above\n")
    check("copied up under an open file", f.read(), "below\nand above\n")
    f.close()


def server_restart():
    f = open("across", "w+")
    f.write("before ")
    f.flush()
    os.fsync(f.fileno())
    f.write("unsynced ")
    f.flush()
    write(BASE + "/restart", "")
    time.sleep(1)
    for i in range(200):
        write("during%d" % i, str(i))
    f.write("after")
    f.flush()
    os.fsync(f.fileno())
    f.seek(0)
    check("an open file over a server restart", f.read(), "before unsynced after")
    f.close()
    check("files written meanwhile", [read("during%d" % i) for i in range(200)], [str(i) for i in range(200)])
    while os.path.exists(BASE + "/restart"):
        time.sleep(0.2)
        os.stat(BASE)


os.umask(0o022)
os.mkdir(BASE + "/run")
os.mkdir(BASE + "/run/pub")
os.chmod(BASE + "/run/pub", 0o777)
for part in (owners, special_files, links, names, removal, contents, creation, lower_files, server_restart):
    directory = "%s/run/%s" % (BASE, part.__name__)
    os.mkdir(directory)
    os.chdir(directory)
    part()
os.chdir(BASE)
large_directory("run/many", 3000)
large_directory("merged", 300)
print("checks done", flush=True)
