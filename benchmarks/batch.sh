#!/bin/bash
# A hundred entries of the cache in one call beside a hundred calls, to put and to get, in turns on one connection. Prints milliseconds.
#
#   benchmarks/batch.sh
#
# Needs ./sluice build and mvn -q -pl benchmarks package before.
# Settings, as environment variables:
#   OFFSET=60 STATE=…          ports and state of the platform that is started for it
#   IMAGE=…/cache-service      what the service is started from, instead of the built image
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
offset=${OFFSET:-60}
state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
work=$(mktemp -d /tmp/sluice-batch.XXXXXX)
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
stop_own_node
start_node -Xmx256m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
echo "$(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg)"
"$java" -XX:+UseSerialGC -cp "$home/benchmarks/target/classes" dev.sluice.benchmarks.cache.BatchCost "$work/cost" "$node_port" "$node_secret"
cat "$work/cost"
