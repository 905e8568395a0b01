#!/bin/bash
# What a read costs that is answered in the process itself: nanoseconds, and bytes allocated (gc.alloc.rate.norm), of Caffeine, the
# first level without and with its events, and, where benchmarks/cache-peers is built, JetCache and Redisson's local cache.
#
#   benchmarks/cache.sh [options of JMH]
#
# Needs mvn -q -P cache-benchmark -pl benchmarks/cache -am process-classes before; for the peers a redis-server and
#   mvn -q -f benchmarks/cache-peers package
# Settings, as environment variables:
#   OFFSET=60     port of the Redis that is started for the peers
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
offset=${OFFSET:-60}
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
port=$((17005 + offset))
redis=
trap '[ -z "$redis" ] || kill "$redis"' EXIT

"$java" --sun-misc-unsafe-memory-access=allow \
  -cp "$here/cache/target/classes:$(cat "$here/cache/target/class-path")" org.openjdk.jmh.Main -prof gc "$@"
peers=$here/cache-peers/target
[ -d "$peers/libraries" ] || exit 0
redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no >/dev/null &
redis=$!
"$java" --sun-misc-unsafe-memory-access=allow -Dredis.port="$port" \
  -cp "$peers/classes:$peers/libraries/*" org.openjdk.jmh.Main -prof gc -jvmArgsAppend "-Dredis.port=$port" "$@"
