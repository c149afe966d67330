"""Runs the programs of the Connectathon tests and says what became of each.

usage: connectathon.py DIRECTORY CONNECTATHON
CONNECTATHON has the programs, compiled, in basic/, special/ and lock/, and the sources of general/.
Prints a line for each program or group: "ok NAME" or "FAIL NAME: its last words".
"""
import os
import re
import shutil
import subprocess
import sys

DIRECTORY, SUITE = sys.argv[1:3]
WORK = os.path.join(DIRECTORY, "connectathon")
MINUTES = 20

BASIC = ["test%d -f" % i for i in range(1, 10)] + ["test4a -f", "test5a -f", "test5b -f", "test7a -f", "test7b -f"]
SPECIAL = [
    "op_unlk", "op_ren", "op_chmod", "dupreq 100 testfile", "excltest", "negseek testfile", "rename 100", "truncate",
    "holey", "nfsidem 50 testdir", "rewind", "telldir", "freesp", "bigfile -s 30 bigfile", "bigfile2 bigfile2"]


def run(name, command, cwd):
    environment = dict(os.environ, NFSTESTDIR=WORK, TMPDIR="", MNTOPTIONS="vers=3")
    try:
        said = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=60 * MINUTES)
        output, status = said.stdout.decode(errors="replace"), said.returncode
    except subprocess.TimeoutExpired as e:
        output, status = str(e.stdout), "none in %d minutes" % MINUTES
    last = " / ".join(output.strip().splitlines()[-6:])
    print("ok %s" % name if status == 0 else "FAIL %s: status %s: %s" % (name, status, last), flush=True)
    return output


def new_directory():
    shutil.rmtree(WORK, ignore_errors=True)
    os.mkdir(WORK)


new_directory()
for program in BASIC:
    words = program.split()
    run("basic/" + words[0], [os.path.join(SUITE, "basic", words[0])] + words[1:], WORK)
os.umask(0)
new_directory()
for program in SPECIAL:
    words = program.split()
    run("special/" + words[0], [os.path.join(SUITE, "special", words[0])] + words[1:], WORK)
for program in ("tlocklfs", "tlock64"):
    new_directory()
    heard = run("lock/" + program, [os.path.join(SUITE, "lock", program), WORK], WORK)
    for who, passed, total, failed in re.findall(
            r"(PARENT|CHILD) pass \d+ results: (\d+)/(\d+) pass, \d+/\d+ warn, (\d+)/\d+ fail", heard):
        print("locks of %s, %s: %s of %s passed, %s failed" % (program, who, passed, total, failed), flush=True)
shutil.rmtree(WORK)
run("general", ["/bin/sh", "runtests"], os.path.join(SUITE, "general"))
shutil.rmtree(WORK)
print("suite done", flush=True)
