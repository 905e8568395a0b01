#!/bin/bash
# What a purge of a namespace costs others: a Redis that holds a million of its entries, and callers of Redis and of cache-service
# who ask for something else before and while it is carried out. Prints how long the answer and the work took, and what they waited.
#
#   benchmarks/purge.sh
#
# Needs ./sluice build and mvn -q -pl benchmarks package before.
# Settings, as environment variables:
#   ENTRIES=1000000 BEFORE=30 ROUNDS=3     entries to purge; seconds before each purge; purges
#   MOST=3600                              seconds after each purge, should the work behind it take longer
#   OFFSET=60 STATE=…                      ports and state of the platform that is started for it
#   IMAGE=…/cache-service                  what the service is started from, instead of the built image
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
entries=${ENTRIES:-1000000} before=${BEFORE:-30} rounds=${ROUNDS:-3} most=${MOST:-3600} offset=${OFFSET:-60}
state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
work=$(mktemp -d /tmp/sluice-purge.XXXXXX)
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
node_pid=
# shellcheck source=benchmarks/cache-node.sh
. "$home/benchmarks/cache-node.sh"

finish() {
  [ -z "$node_pid" ] || { kill "$node_pid" && wait "$node_pid"; } 2>/dev/null || true
  continue_own_node
  "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

start_platform "$state"
# One node sweeps at a time, and it is to be the one that is started next.
stop_own_node
start_node -Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
echo "$(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg)"
"$java" -Xmx512m -XX:+UseSerialGC -cp "$home/benchmarks/target/classes" dev.sluice.benchmarks.cache.PurgeWaits \
  "$work/waits" "$((16379 + offset))" "$node_port" "$node_secret" "$entries" "$before" "$rounds" "$redis_pid" "$node_pid" "$most"
cat "$work/waits"
