# $1 a file. What is changed afterwards gets a ctime that is newer than its own: the kernel's clock for files ticks every
# 10 ms at most.
set -eu
sleep 0.02
: >"$1"
sleep 0.02
