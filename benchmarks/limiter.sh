#!/bin/bash
# What a decision of the limiter costs the process that makes it: nanoseconds, and bytes allocated (gc.alloc.rate.norm).
#
#   benchmarks/limiter.sh [options of JMH]
#
# Needs mvn -q -P limiter-benchmark -pl benchmarks/limiter -am process-classes before.
set -euo pipefail

target=$(cd "$(dirname "$0")" && pwd)/limiter/target
exec "${JAVA_HOME:?set it to a JDK 25}/bin/java" --sun-misc-unsafe-memory-access=allow \
  -cp "$target/classes:$(cat "$target/class-path")" org.openjdk.jmh.Main -prof gc "$@"
