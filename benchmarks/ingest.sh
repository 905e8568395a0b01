#!/bin/bash
# Events a second that the gateway takes in batches of a hundred, beside kafka-producer-perf-test, which puts records with the same text on the same
# broker with the gateway's settings for its producer. Prints what each event took of the processor, too.
#
#   benchmarks/ingest.sh
#
# Needs ./sluice build, mvn -q -pl benchmarks package and mvn -q -f benchmarks/producer-peer package before.
# Settings, as environment variables:
#   CONNECTIONS=8 SECONDS_EACH=8 TURNS=3   of the gateway, after a turn to warm up, three times as long
#   RECORDS=3000000                        of the peer, a third of them to warm up
#   OFFSET=80 STATE=…                      ports and state of the platform that is started for it
#   PLATFORM_JVM=                          flags of all JVMs; none for those that the platform has by itself
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
offset=${OFFSET:-80} java=${JAVA_HOME:?set it to a JDK 25}/bin/java
work=$(mktemp -d /tmp/sluice-ingest.XXXXXX) state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
launcher='' stopped=()
gateway=http://127.0.0.1:$((8080 + offset)) broker=127.0.0.1:$((19092 + offset))

finish() {
  for process in "${stopped[@]}" $launcher; do kill -CONT "$process" 2>/dev/null || true; done
  "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  [ -n "${STATE:-}" ] || rm -rf "$state"
  rm -rf "$work"
}
trap finish EXIT

listener() { # port: the process that listens there
  ss -Hltnp "sport = :$1" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2
}

# As the JVM does by itself and the container images have it, see webhooks.sh.
usual_jvm='-XX:TieredStopAtLevel=4 -XX:Tier3InvocationThreshold=200 -XX:Tier3MinInvocationThreshold=100 -XX:Tier3CompileThreshold=2000
-XX:Tier4InvocationThreshold=5000 -XX:Tier4MinInvocationThreshold=600 -XX:Tier4CompileThreshold=15000 -XX:Tier4BackEdgeThreshold=40000'

_JAVA_OPTIONS=${PLATFORM_JVM-$usual_jvm} SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$state" >"$work/up.log" 2>&1 ||
  { cat "$work/up.log"; exit 1; }
admin=$("$home/sluice" keys --state "$state" | grep -o 'slk_[A-Za-z0-9_]*' | head -n 1)

# What reads the events, rests: the two cores are for who takes them.
launcher=$(ps -o ppid= -p "$(listener $((8080 + offset)))" | tr -d ' ')
kill -STOP "$launcher"
for port in $((8081 + offset)) $((8082 + offset)) $((8083 + offset)); do
  stopped+=("$(listener "$port")")
  kill -STOP "${stopped[-1]}"
done

drive() { "$java" -Xmx512m -XX:+UseSerialGC -cp "$home/benchmarks/target/classes:$home/benchmarks/target/libraries/*" dev.sluice.benchmarks.ingest.Batches "$@"; }
tool() { "$java" -Xmx512m -XX:+UseSerialGC -cp "$home/benchmarks/producer-peer/target/libraries/*" "$@"; }

echo "$(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg)"
drive "$work/events"
tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$broker" --create --topic benchmark-ingest --partitions 6 --replication-factor 1 >/dev/null
peer() { # Kafka's tool as the gateway sets its producer
  TIMEFORMAT='  its own CPU: %U s user, %S s system'
  time tool org.apache.kafka.tools.ProducerPerformance --bootstrap-server "$broker" --topic benchmark-ingest --throughput -1 \
    --num-records "${RECORDS:-3000000}" --warmup-records $((${RECORDS:-3000000} / 3)) --payload-file "$work/events" \
    --command-property acks=all enable.idempotence=true linger.ms=2 batch.size=65536 compression.type=lz4 2>&1 | tail -n 1
}
echo 'kafka-producer-perf-test:'
peer
drive "$work/figures" "$gateway" "$admin" "$(listener $((8080 + offset)))" "$(listener $((19092 + offset)))" "${CONNECTIONS:-8}" "${SECONDS_EACH:-8}" "${TURNS:-3}"
cat "$work/figures"
echo 'kafka-producer-perf-test once more:'
peer
