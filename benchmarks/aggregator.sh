#!/bin/bash
# What a read costs the aggregator: nanoseconds of CPU, and reads per core-second, of a consumer that only decodes, of the aggregator's own topology, of a
# topology by the DSL as one writes it first and, where benchmarks/aggregator-peer is built, of a job of Flink; each in a JVM of its own, in turns, on one topic
# of a broker of its own. Then what a key costs in memory, and how quickly windows are restored.
#
#   benchmarks/aggregator.sh
#
# For the peer before: mvn -q -f benchmarks/aggregator-peer package
# Settings, as environment variables:
#   READS=200       reads of a batch
#   BATCHES=500000  batches on the topic; Flink reads a quarter of them, the DSL a hundredth, and the first half of what each reads warms it up
#   PATTERNS=60     dimensions that they are of
#   MINUTES=15      time that they span; what is older than five minutes of the log is closed, and goes up the ladder
#   TURNS=2         how often each is measured
#   KEYS=600        dimensions of the second part
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
cd "$home"
mvn -q -o -pl metrics-aggregator -am test -Dtest=AggregatorCost -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip=true \
  -Dpeer="$home/benchmarks/aggregator-peer/target" -Dreads="${READS:-200}" -Dbatches="${BATCHES:-500000}" \
  -Dpatterns="${PATTERNS:-60}" -Dminutes="${MINUTES:-15}" -Dturns="${TURNS:-2}" -Dkeys="${KEYS:-600}" |
  grep -E 'batches of|reads per core-second|heap a key|records of changelogs|FAIL|ERROR\]'
