#!/bin/bash
# What a read costs that is answered in the process itself: nanoseconds, and bytes allocated (gc.alloc.rate.norm), of Caffeine, the
# first level without and with its events, and, where benchmarks/cache-peers is built, JetCache and Redisson's local cache; and one
# that Redis answers, beside Lettuce by itself.
#
#   benchmarks/cache.sh [options of JMH]
#   benchmarks/cache.sh turns     Caffeine and the first level in turns within one process, FORKS times, and the medians of the ratios
#
# Needs a redis-server, and before
#   mvn -q -P cache-benchmark -pl benchmarks/cache -am process-classes
#   mvn -q -f benchmarks/cache-peers package    for the peers
# Settings, as environment variables:
#   OFFSET=60     port of the Redis that is started for it
#   FORKS=7 ROUNDS=45   of turns: processes, and rounds of each, of which a third warms up
#   FLAGS=…       options of the JVM that is measured, for all alike; by default those that the services run with
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
offset=${OFFSET:-60}
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
port=$((17005 + offset))
flags=${FLAGS--XX:+UseCompactObjectHeaders -XX:+UseSerialGC}
redis=
# Without it JMH is not found, and nothing says what is missing.
[ -s "$here/cache/target/class-path" ] || {
  echo "not built: mvn -q -P cache-benchmark -pl benchmarks/cache -am process-classes (not offline where JMH was never fetched)" >&2
  exit 1
}
if [ "${1:-}" = turns ]; then
  lines=$(mktemp /tmp/sluice-turns.XXXXXX)
  trap 'rm -f "$lines"' EXIT
  for fork in $(seq "${FORKS:-7}"); do
    echo "process $fork, load average $(cut -d' ' -f1 /proc/loadavg)"
    # shellcheck disable=SC2086
    "$java" -Xmx3g $flags --sun-misc-unsafe-memory-access=allow -cp "$here/cache/target/classes:$(cat "$here/cache/target/class-path")" \
      dev.sluice.cache.event.ReadsInTurns "${ROUNDS:-45}" | tee -a "$lines"
  done
  echo "medians of ${FORKS:-7} processes"
  for name in caffeine caffeineAndItsValue firstLevel firstLevelWithEvents; do
    printf '%-22s' "$name"
    for column in 2 4 8; do
      awk -v name="$name" -v column="$column" '$1 == name { print $column }' "$lines" | sort -n |
        awk '{ all[NR] = $1 } END { printf " %s (%s to %s)", all[int((NR + 1) / 2)], all[1], all[NR] }'
    done
    echo ' ns, of the barest, of one whose value is looked at'
  done
  exit
fi
trap '[ -z "$redis" ] || kill "$redis"' EXIT

redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no >/dev/null &
redis=$!
"$java" --sun-misc-unsafe-memory-access=allow -cp "$here/cache/target/classes:$(cat "$here/cache/target/class-path")" \
  org.openjdk.jmh.Main -prof gc -jvmArgsAppend "-Dredis.port=$port $flags" "$@"
peers=$here/cache-peers/target
[ -d "$peers/libraries" ] || exit 0
"$java" --sun-misc-unsafe-memory-access=allow \
  -cp "$peers/classes:$peers/libraries/*" org.openjdk.jmh.Main -prof gc -jvmArgsAppend "-Dredis.port=$port $flags" "$@"
