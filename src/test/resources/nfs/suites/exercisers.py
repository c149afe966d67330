"""Runs fsx and fsstress.

usage: exercisers.py DIRECTORY SUITES
SUITES has the programs fsx and fsstress, as the xfstests project makes them.
Prints a line for each run: "ok NAME" or "FAIL NAME: its last words".
"""
import os
import shutil
import subprocess
import sys
import time

DIRECTORY, SUITES = sys.argv[1:3]
MINUTES = 20

# Reading, writing, truncating, holes, copies and mappings, checked against a copy in memory after each operation.
FSX = [
    "-N 30000 -S 1",
    "-N 30000 -S 2 -c 100",
    "-N 20000 -S 3 -l 8000000 -o 1500000",
    "-N 20000 -S 4 -f",
    "-N 20000 -S 5 -y -l 100000",
    "-N 20000 -S 6 -Z -R -W -r 4096 -w 4096 -t 4096",
    "-N 20000 -S 7 -W -R -l 3000000 -o 300000",
    "-N 5000 -S 8 -X",
    "-N 20000 -S 9 -s 1",
]
SMALL = "-N 3000 -S 10 -l 100000"
# Everything that the system call table has, from several processes at once.
FSSTRESS = [
    "-p 1 -n 4000 -s 1",
    "-p 4 -n 1500 -s 2",
    "-p 8 -n 600 -s 3",
    "-p 4 -n 1000 -s 4 -f sync=0 -f write=40 -f truncate=20 -f mwrite=20 -f dwrite=20 -f fsync=5",
    "-p 4 -n 1500 -s 5 -f creat=20 -f mkdir=10 -f rename=40 -f link=20 -f unlink=20 -f rmdir=10 -f getdents=10",
]


def run(name, command, cwd):
    try:
        said = subprocess.run(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=60 * MINUTES)
        output, status = said.stdout.decode(errors="replace"), said.returncode
    except subprocess.TimeoutExpired as e:
        output, status = str(e.stdout), "none in %d minutes" % MINUTES
    if status == 0:
        print("ok %s" % name, flush=True)
    else:
        print("FAIL %s: status %s: %s" % (name, status, " / ".join(output.strip().splitlines()[-40:])), flush=True)


def second_client():
    """A mount that shares nothing with the first one, as another machine would: small requests, no attributes kept."""
    other = "/mnt/other"
    os.mkdir(other)
    options = os.environ["options"] + ",nosharecache,noac,rsize=4096,wsize=4096"
    subprocess.run(["mount", "-i", "-t", "nfs", "-o", options, os.environ["source"], other], check=True)
    directory = os.path.join(other, "fsx", "small")
    os.mkdir(directory)
    run("fsx, small requests", [os.path.join(SUITES, "fsx"), "-q", "-P", "/run"] + SMALL.split() + ["file"], directory)
    wrong = []
    for i in range(300):
        # Whoever opens sees what was there when another closed.
        here, there = (DIRECTORY, other) if i % 2 else (other, DIRECTORY)
        with open(os.path.join(here, "fsx", "passed"), "w") as f:
            f.write("%d" % i * (i + 1))
        os.rename(os.path.join(here, "fsx", "passed"), os.path.join(here, "fsx", "name%d" % (i % 7)))
        with open(os.path.join(there, "fsx", "name%d" % (i % 7))) as f:
            if f.read() != "%d" % i * (i + 1):
                wrong.append(i)
    print("ok two clients, one after the other" if not wrong else "FAIL two clients: stale %s" % wrong, flush=True)
    subprocess.run(["umount", other], check=True)


def server_restarts():
    """fsx and fsstress while the server is killed and started again, several times."""
    asked = os.path.join(os.path.dirname(os.path.abspath(__file__)), "restart")
    tests = {"fsx": "-q -P /run -N 30000 -S 11 file", "fsstress": "-d . -p 4 -n 2000 -s 6"}
    for name, options in tests.items():
        directory = os.path.join(DIRECTORY, name + "-restarts")
        os.mkdir(directory)
        with open("/run/said", "w+") as said:
            process = subprocess.Popen(
                [os.path.join(SUITES, name)] + options.split(), cwd=directory, stdout=said, stderr=subprocess.STDOUT)
            restarts = 0
            while process.poll() is None:
                time.sleep(4)
                if restarts < 5 and not os.path.exists(asked):
                    restarts += 1
                    open(asked, "w").close()
            said.seek(0)
            last = " / ".join(said.read().strip().splitlines()[-40:])
        if process.returncode == 0 and restarts > 0:
            print("ok %s over restarts of the server" % name, flush=True)
        else:
            print("FAIL %s, %d restarts: status %s: %s" % (name, restarts, process.returncode, last), flush=True)


os.mkdir(os.path.join(DIRECTORY, "fsx"))
for i, options in enumerate(FSX):
    directory = os.path.join(DIRECTORY, "fsx", str(i))
    os.mkdir(directory)
    run("fsx " + options, [os.path.join(SUITES, "fsx"), "-q", "-P", "/run"] + options.split() + ["file"], directory)
pair = []
for i in (1, 2):
    directory = os.path.join(DIRECTORY, "fsx", "pair%d" % i)
    os.mkdir(directory)
    pair.append(subprocess.Popen(
        [os.path.join(SUITES, "fsx"), "-q", "-N", "10000", "-S", str(100 + i), "-P", "/run", "file"], cwd=directory,
        stdout=subprocess.DEVNULL))
statuses = [p.wait() for p in pair]
print("ok fsx, two at once" if statuses == [0, 0] else "FAIL fsx, two at once: %s" % statuses, flush=True)
second_client()
shutil.rmtree(os.path.join(DIRECTORY, "fsx"))
for i, options in enumerate(FSSTRESS):
    directory = os.path.join(DIRECTORY, "fsstress%d" % i)
    os.mkdir(directory)
    run("fsstress " + options, [os.path.join(SUITES, "fsstress"), "-d", directory] + options.split(), directory)
server_restarts()
print("suite done", flush=True)
