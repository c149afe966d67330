# Runs in the root, and undoes guard-on.sh.
set -eu
rm -f /usr/sbin/policy-rc.d
daemon=$(dpkg -L dpkg | grep '/start-stop-daemon$' | head -n 1)
mv "$daemon.REAL" "$daemon"
dpkg-divert --quiet --local --no-rename --remove "$daemon"
