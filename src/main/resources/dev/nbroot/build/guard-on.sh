# Runs in the root: no package may start a service, neither through invoke-rc.d nor by itself.
set -eu
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
daemon=$(dpkg -L dpkg | grep '/start-stop-daemon$' | head -n 1)
# dpkg itself must not move a file of an essential package, says dpkg-divert(1).
dpkg-divert --quiet --local --no-rename --divert "$daemon.REAL" --add "$daemon"
mv "$daemon" "$daemon.REAL"
printf '#!/bin/sh\necho "start-stop-daemon: not while the root is being built" >&2\nexit 0\n' >"$daemon"
chmod 0755 "$daemon"
