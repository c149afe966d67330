# Prints what is mounted at or below the tree $1, the newest last; blanks are octal escapes (proc_pid_mountinfo(5)).
set -eu
while read -r id parent device top at rest; do
    case $at in
    "$1" | "$1"/*) echo "$at" ;;
    esac
done </proc/self/mountinfo
