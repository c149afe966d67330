#!/bin/sh
# nbroot: this script with the program's jar appended; it needs a Java 17 (or newer) runtime, nothing else.
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
if ! command -v "$java" >/dev/null 2>&1; then
    echo "nbroot: no Java runtime found at '$java'; try: apt-get install default-jre-headless" >&2
    exit 4
fi
# Names of files are UTF-8. Under the plain C locale, or one that this machine lacks, the JVM could not even open them.
LC_ALL=C.UTF-8
export LC_ALL
# serve runs for weeks and wants every JIT tier; all other commands want to start fast.
tiers="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
for word in "$@"; do
    if [ "$word" = serve ]; then tiers="-XX:+UseSerialGC -Xmx192m -XX:MaxDirectMemorySize=256m"; fi
done
# shellcheck disable=SC2086  # the words of $tiers and $NBROOT_JAVA_OPTS are options of their own
exec "$java" $tiers -XX:-UsePerfData -Xshare:auto --enable-native-access=ALL-UNNAMED $NBROOT_JAVA_OPTS -jar "$0" "$@"
