# What people do with files, in the directory $1: prints checksums of what came of it, which depend on no machine and no
# file system. Stops at the first thing that fails.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC HOME="$1/home" GIT_CONFIG_NOSYSTEM=1
rm -rf "$1"
mkdir -p "$1/home"
cd "$1"

# names, types, modes, sizes and targets, then contents
digest() {
    (
        cd "$1"
        find . -type f -printf '%P %m %s\n' -o -type l -printf '%P -> %l\n' -o -printf '%P %y %m\n'
        find . -type f -print0 | sort -z | xargs -0 sha256sum
    ) | sort | sha256sum
}

echo "a source tree's worth of small files"
mkdir tree
seq 1 40 | while read -r d; do
    mkdir "tree/d$d"
    seq 1 100 | awk -v d="$d" '{
        file = "tree/d" d "/f" $1 ".c"
        for (i = 0; i < ($1 * 7 + d) % 60; i++) printf "int f_%d_%d_%d(void) { return %d; }\n", d, $1, i, i * d > file
        printf "" > file
        close(file)
    }'
    ln -s "../d$d/f1.c" "tree/d$d/link.c"
    ln "tree/d$d/f2.c" "tree/d$d/hard.c"
    chmod 755 "tree/d$d/f3.c"
done
digest tree
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf tree.tar tree
sha256sum tree.tar
mkdir again
tar -C again -xf tree.tar
digest again/tree
rm -r again
test ! -e again

echo "git"
git() {
    command git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main -c gc.auto=0 "$@"
}
export GIT_AUTHOR_DATE='@1000000000 +0000' GIT_COMMITTER_DATE='@1000000000 +0000'
git -C tree init -q
git -C tree add -A
git -C tree commit -q -m one
find tree -name '*5.c' -exec sh -c 'echo more >>"$1"' - {} ';'
git -C tree commit -q -a -m two
git -C tree rev-parse HEAD
git clone -q --no-local tree clone
git -C clone fsck --full --strict 2>&1
git -C clone repack -q -a -d
git -C clone fsck --full 2>&1
git -C clone status --porcelain
git -C clone rev-parse 'HEAD^{tree}'

echo "a database with a write-ahead log"
{
    echo 'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);'
    seq 1 200 | awk '{
        print "BEGIN;"
        for (i = 0; i < 50; i++) printf "INSERT INTO t(v) VALUES(\"%d-%d\");\n", $1, i
        print "COMMIT;"
    }' | tr '"' "'"
    echo "DELETE FROM t WHERE id % 7 = 0; UPDATE t SET v = v || 'x' WHERE id % 11 = 0;"
    echo 'PRAGMA integrity_check;'
} | sqlite3 base.db
sqlite3 base.db 'SELECT count(*), max(id) FROM t'
sqlite3 base.db .dump | sha256sum

echo "parts of large files, written in another order, and cut"
for k in 7 3 5 0 6 1 4 2; do
    seq "$k" 100000 | head -c 1048576 | dd of=large bs=1M seek="$k" conv=notrunc status=none
done
sha256sum large
truncate -s 5000000 large
truncate -s 9000000 large
sha256sum large
cp --sparse=always large sparse
sha256sum sparse
