#!/bin/bash
# What the delivery of webhooks costs, how soon they come, and whether all of them come. Publishes events through the gateway, and receives on four
# addresses of this machine; the receiver checks each signature, and each event is looked for at each webhook that wants it.
#
#   benchmarks/webhooks.sh [what ...]     all of these, or those named, each on a platform of its own:
#     rate        deliveries a second and CPU of the dispatcher for each, from the log of events and from the gateway, and where it goes; beside two
#                 clients that do nothing but post (Reactor Netty; a loop around the JDK's client), in turns
#     latency     from the answer 202 to the receiver, and from when an event was due, at PER_SECOND events for four webhooks
#     isolation   the others' latency while the receiver of half of the events does not answer for 30 s
#     paused      the others' latency while WAITING events wait for a paused webhook, and while they are sent after it is resumed
#     many        what a dispatcher needs for WEBHOOKS webhooks
#     restart     a dispatcher with ATTEMPTS behind it is killed: until it delivers again, and until it knows again what became of them
#     chaos       kill -9 of two dispatchers and the broker in turns, webhooks that come and go, one in order: accepted = delivered + given up
#
# Needs ./sluice build and mvn -q -pl benchmarks package before.
# Settings, as environment variables:
#   EVENTS=10000 ROUNDS=3                 of rate: events a turn, each for four webhooks, and turns
#   PER_SECOND=300 SECONDS_EACH=20        of latency, isolation and paused: events a second; seconds a turn
#   WAITING=100000 WEBHOOKS=10000         of paused and of many
#   ATTEMPTS=1000000                      of restart
#   CHAOS_PER_SECOND=500 CHAOS_SECONDS=120 KILL_EVERY=12
#   TLS=1.1                               receivers over TLS, in HTTP/1.1 or HTTP/2 (TLS=2)
#   OFFSET=70 STATE=…                     ports and state of the platform that is started for it
#   IMAGE=…/webhook-dispatcher            what dispatchers are started from, instead of the built image
#   PLATFORM_JVM=                         flags of all JVMs; none for those that the platform has by itself
#   HEAP=-Xmx512m DISPATCHER_FLAGS=…      more flags of the dispatcher's JVM, for example to record a profile
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
offset=${OFFSET:-70} java=${JAVA_HOME:?set it to a JDK 25}/bin/java
image=${IMAGE:-$home/standalone/target/images/webhook-dispatcher}
gateway=http://127.0.0.1:$((8080 + offset)) receiver_port=$((18090 + offset))
work=$(mktemp -d /tmp/sluice-webhooks.XXXXXX)
state='' launcher='' dispatcher='' stopped=()

finish_platform() {
  [ -z "$dispatcher" ] || { kill "$dispatcher" && wait "$dispatcher"; } 2>/dev/null || true
  for process in "${stopped[@]}" $launcher; do kill -CONT "$process" 2>/dev/null || true; done
  [ -z "$state" ] || "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  [ -z "$state" ] || [ -n "${STATE:-}" ] || rm -rf "$state"
  dispatcher='' launcher='' state='' stopped=()
}
trap 'finish_platform; rm -rf "$work"' EXIT

listener() { # port: the process that listens there
  ss -Hltnp "sport = :$1" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2
}

# The platform's processes compile late, and Kafka never with C2, so that they start cheaply. Here they compile as the JVM does by itself and the container
# images have it: the broker works for each delivery, on the same cores.
usual_jvm='-XX:TieredStopAtLevel=4 -XX:Tier3InvocationThreshold=200 -XX:Tier3MinInvocationThreshold=100 -XX:Tier3CompileThreshold=2000
-XX:Tier4InvocationThreshold=5000 -XX:Tier4MinInvocationThreshold=600 -XX:Tier4CompileThreshold=15000 -XX:Tier4BackEdgeThreshold=40000'

start_platform() {
  state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
  _JAVA_OPTIONS=${PLATFORM_JVM-$usual_jvm} SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$state" >"$work/up.log" 2>&1 ||
    { cat "$work/up.log"; exit 1; }
  admin=$("$home/sluice" keys --state "$state" | grep -o 'slk_[A-Za-z0-9_]*' | head -n 1)
  own=$(listener $((8082 + offset)))
  mapfile -d '' -t environment <"/proc/$own/environ"
}

start_dispatcher() { # port: one with the JVM's own thresholds for compiling, as the container images have; sets dispatcher
  # shellcheck disable=SC2086
  env -i "${environment[@]}" SERVER_PORT="$1" MANAGEMENT_SERVER_PORT=$(($1 + 1000)) LOGGING_FILE_NAME="$work/dispatcher-$1.log" \
    "$java" ${HEAP:--Xmx512m} -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow $trust ${DISPATCHER_FLAGS:-} $session -Dspring.aot.enabled=true -jar "$image/app.jar" >>"$work/dispatcher.out" 2>&1 &
  dispatcher=$!
}

await_dispatcher() { # port
  for _ in $(seq 600); do
    curl -fso /dev/null "http://127.0.0.1:$(($1 + 1000))/actuator/health/readiness" && return
    kill -0 "$dispatcher" || break
    sleep 0.2
  done
  cat "$work/dispatcher.out"
  exit 1
}

# In the place of the platform's own dispatcher, which compiles late so that it starts cheaply. What else runs rests.
replace_dispatcher() {
  launcher=$(ps -o ppid= -p "$own" | tr -d ' ')
  kill -STOP "$launcher"
  kill "$own"
  while kill -0 "$own" 2>/dev/null && [ "$(ps -o stat= -p "$own" | cut -c1)" != Z ]; do sleep 0.1; done
  for port in $((8081 + offset)) $((8083 + offset)); do
    stopped+=("$(listener "$port")")
    kill -STOP "${stopped[-1]}"
  done
  start_dispatcher $((8082 + offset))
  await_dispatcher $((8082 + offset))
}

# The receiver's certificate, for the addresses that it has, and whom clients trust.
make_keys() {
  local tool=${JAVA_HOME}/bin/keytool
  "$tool" -genkeypair -alias receiver -keyalg EC -validity 2 -dname CN=receiver -ext san=ip:127.0.0.1,ip:127.0.0.2,ip:127.0.0.3,ip:127.0.0.4 \
    -keystore "$work/receiver.p12" -storepass receiver
  "$tool" -exportcert -alias receiver -keystore "$work/receiver.p12" -storepass receiver -file "$work/receiver.crt"
  "$tool" -importcert -noprompt -alias receiver -file "$work/receiver.crt" -keystore "$work/trust.p12" -storepass receiver
  trust="-Djavax.net.ssl.trustStore=$work/trust.p12 -Djavax.net.ssl.trustStorePassword=receiver"
  speak="-Dreceiver.keys=$work/receiver.p12 -Dreceiver.http2=$([ "$TLS" = 2 ] && echo true || echo false)"
} 2>/dev/null
trust='' speak=''
[ -z "${TLS:-}" ] || make_keys

drive() { # what number...; through a pipe, since to open a file as /dev/stdout would empty it
  # shellcheck disable=SC2086
  "$java" -Xmx900m -XX:+UseSerialGC $trust $speak -cp "$home/benchmarks/target/classes:$home/benchmarks/target/libraries/*" \
    dev.sluice.benchmarks.webhook.Deliveries /dev/stdout "$gateway" "$admin" "$receiver_port" "$dispatcher" "$@" | cat
}

# The platform's own dispatcher and the broker are started again by the platform, the second dispatcher here.
kill_in_turns() {
  local second=$dispatcher
  while :; do
    for victim in first broker second; do
      sleep "${KILL_EVERY:-12}"
      case $victim in
        first) kill -9 "$(listener $((8082 + offset)))" || true ;;
        broker) kill -9 "$(listener $((19092 + offset)))" || true ;;
        second)
          kill -9 "$second" || true
          start_dispatcher $((8182 + offset))
          second=$dispatcher
          echo "$second" >"$work/second"
          ;;
      esac
      echo "killed: $victim" >&2
    done
  done
}

chaos() {
  start_dispatcher $((8182 + offset))
  await_dispatcher $((8182 + offset))
  local seconds=${CHAOS_SECONDS:-120} killer driver
  drive chaos "${CHAOS_PER_SECOND:-500}" "$seconds" &
  driver=$!
  kill_in_turns &
  killer=$!
  sleep "$seconds"
  # Another may just be started: it is known by its port.
  kill "$killer"
  wait "$driver" || true
  kill "$(listener $((8182 + offset)))" 2>/dev/null || true
}

restart() {
  drive restart "${ATTEMPTS:-1000000}" 0 &
  local driver=$!
  while kill -0 "$dispatcher" 2>/dev/null && kill -0 "$driver" 2>/dev/null; do sleep 0.1; done
  start_dispatcher $((8082 + offset))
  wait "$driver"
}

[ $# -gt 0 ] || set -- rate latency isolation paused many restart chaos
for what in "$@"; do
  echo "$what: $(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg)"
  start_platform
  # In turns of rate it rests while events are accepted, and must be a member of its groups still.
  session=''
  [ "$what" != rate ] || session=-Dspring.kafka.consumer.properties.session.timeout.ms=120000
  [ "$what" = chaos ] || replace_dispatcher
  case $what in
    rate)
      drive rate "${EVENTS:-10000}" "${ROUNDS:-3}" "$(listener $((19092 + offset)))" "$(listener $((8080 + offset)))"
      ;;
    latency)
      drive latency "${PER_SECOND:-300}" "${SECONDS_EACH:-20}" "$(listener $((19092 + offset)))" "$(listener $((8080 + offset)))"
      ;;
    isolation) drive isolation "${PER_SECOND:-300}" "${SECONDS_EACH:-20}" "${ROUNDS:-3}" ;;
    paused) drive paused "${WAITING:-100000}" "${PER_SECOND:-300}" ;;
    many) drive many "${WEBHOOKS:-10000}" 3 ;;
    restart) restart ;;
    chaos) chaos ;;
    *) echo "there is no $what; see the head of this file" >&2; exit 1 ;;
  esac
  finish_platform
done
