"""Says all that can be seen of a tree.

usage: digest.py DIRECTORY LIST
Writes a line for each object to LIST: its path, inode, kind and mode, links, owner, times, size and contents.
Prints "seen" and the number of objects.
"""
import hashlib
import os
import stat
import sys


PIECE = 1 << 16
MOST_PIECES = 64


def contents(path, size):
    """All of a file, or pieces from all over a large one, which may be sparse and of many gigabytes."""
    total = hashlib.sha256()
    with open(path, "rb") as f:
        os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        for at in range(0, size, max(PIECE, size // MOST_PIECES)):
            total.update(os.pread(f.fileno(), PIECE, at))
    return total.hexdigest()


def describe(path):
    s = os.lstat(path)
    fields = [s.st_ino, oct(s.st_mode), s.st_nlink, s.st_uid, s.st_gid, s.st_mtime_ns, s.st_ctime_ns]
    if stat.S_ISREG(s.st_mode):
        fields += [s.st_size, contents(path, s.st_size)]
    elif stat.S_ISLNK(s.st_mode):
        fields += [s.st_size, os.readlink(path)]
    elif stat.S_ISCHR(s.st_mode) or stat.S_ISBLK(s.st_mode):
        fields += [os.major(s.st_rdev), os.minor(s.st_rdev)]
    return " ".join(map(str, fields))


def numbers(directory):
    """What a listing says an object's inode is has to be what the object says."""
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.inode() != entry.stat(follow_symlinks=False).st_ino:
                print("FAIL %s is listed as inode %d" % (os.fsdecode(entry.path), entry.inode()), flush=True)


def lines(root):
    # Bytes, as names need not be text.
    for directory, subdirectories, files in os.walk(os.fsencode(root)):
        subdirectories.sort()
        yield directory, describe(directory)
        numbers(directory)
        for name in sorted(files + [d for d in subdirectories if os.path.islink(os.path.join(directory, d))]):
            path = os.path.join(directory, name)
            yield path, describe(path)


count = 0
with open(sys.argv[2], "wb") as out:
    for path, text in lines(sys.argv[1]):
        out.write(os.path.relpath(path, os.fsencode(sys.argv[1])) + b" " + os.fsencode(text) + b"\n")
        count += 1
print("seen %d" % count, flush=True)
