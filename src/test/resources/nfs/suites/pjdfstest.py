"""Runs pjdfstest's files, each in a new directory, and says what became of their cases.

usage: pjdfstest.py DIRECTORY PJDFSTEST [BEGINNING...]      of the names of files: chmod/00, chown/; all by default
Prints a line for each file: "file NAME CASES", and behind it the numbers of the cases that failed, if any did.
"""
import os
import re
import shutil
import subprocess
import sys

DIRECTORY, SUITE = sys.argv[1:3]
TESTS = os.path.join(SUITE, "tests")
MINUTES = 90
RESULT = re.compile(r"(not )?ok (\d+)(.*)")


def files():
    for directory in sorted(os.listdir(TESTS)):
        if os.path.isdir(os.path.join(TESTS, directory)):
            for name in sorted(os.listdir(os.path.join(TESTS, directory))):
                if name.endswith(".t"):
                    yield "%s/%s" % (directory, name[:-2])


def run(name):
    work = os.path.join(DIRECTORY, name.replace("/", "-"))
    os.mkdir(work)
    os.chmod(work, 0o755)
    try:
        said = subprocess.run(
            ["/bin/sh", os.path.join(TESTS, name + ".t")], cwd=work, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60 * MINUTES)
        lines = said.stdout.decode(errors="replace").splitlines()
    except subprocess.TimeoutExpired as e:
        print("FAIL %s did not end: %s" % (name, e.stdout), flush=True)
        return
    planned = 0
    ran = set()
    failed = []
    for line in lines:
        plan = re.match(r"1\.\.(\d+)", line)
        result = RESULT.match(line)
        if plan:
            planned = int(plan.group(1))
        elif result:
            ran.add(int(result.group(2)))
            if result.group(1) and "# TODO" not in result.group(3):
                failed.append(int(result.group(2)))
                print("%s: %s" % (name, line), flush=True)
    # A case that never spoke is as bad as one that failed.
    failed += [number for number in range(1, planned + 1) if number not in ran]
    print(("file %s %d %s" % (name, planned, ",".join(map(str, sorted(failed))))).strip(), flush=True)
    shutil.rmtree(work)


beginnings = tuple(sys.argv[3:]) or ("",)
for file in files():
    if file.startswith(beginnings):
        run(file)
print("suite done", flush=True)
