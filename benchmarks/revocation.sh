#!/bin/bash
# How long a revoked key is still taken: a platform with a second gateway beside its own, both asked with the key in a loop
# while it is revoked. Prints milliseconds from the sending of the revocation to the first refusal.
#
#   benchmarks/revocation.sh
#
# Needs ./sluice build and mvn -q -pl benchmarks package before.
# Settings, as environment variables:
#   KEYS=200 WARM=200             keys that are revoked; keys that are revoked before, uncounted
#   OFFSET=40 STATE=…             ports and state of the platform that is started for it
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
keys=${KEYS:-200} warm=${WARM:-200} offset=${OFFSET:-40}
state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
work=$(mktemp -d /tmp/sluice-second.XXXXXX)
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
first=http://127.0.0.1:$((8080 + offset)) second=http://127.0.0.1:$((17080 + offset))
second_pid=
# shellcheck source=benchmarks/second-gateway.sh
. "$home/benchmarks/second-gateway.sh"

finish() {
  [ -z "$second_pid" ] || { kill "$second_pid" && wait "$second_pid"; } 2>/dev/null || true
  "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$state" >"$work/up.log" 2>&1 ||
  { cat "$work/up.log"; exit 1; }
admin=$("$home/sluice" keys --state "$state" | grep -o 'slk_[A-Za-z0-9_]*' | head -n 1)

start_second_gateway "${second##*:}" $((17081 + offset)) -Xmx160m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

put() { # path body
  curl -fsS -o /dev/null -X PUT "$first$1" -H "X-API-Key: $admin" -H 'Content-Type: application/json' -d "$2"
}

# A limit that the loops do not reach: what is answered 429 then is a wrong key, of which an address may show ten a minute.
put /api/v1/tiers/benchmark '{"description":"For benchmarks.","limits":[
  {"name":"rate","group":"*","window":"second","quota":1000000,"burst":2000000}]}'
put /api/v1/tenants/benchmark '{"name":"Benchmark","tier":"benchmark"}'

# Each knows of the other when a change is confirmed by two.
for _ in $(seq 300); do
  curl -fs -X POST "$second/api/v1/keys?wait=all" -H "X-API-Key: $admin" -H 'Content-Type: application/json' \
    -d '{"name":"benchmark","tenant":"benchmark","environment":"test","scopes":["metrics:read"]}' 2>/dev/null |
    grep -q '"complete":true,"gateways":2' && known=yes && break
  kill -0 "$second_pid" || break
  sleep 0.2
done
[ -n "${known:-}" ] || { cat "$work/second.log"; exit 1; }

measure() { # keys
  "$java" -XX:+UseSerialGC -cp "$home/benchmarks/target/classes" dev.sluice.benchmarks.revocation.RevokedKeys \
    "$work/times" "$admin" benchmark "$1" "$first" "$second"
}

measure "$warm"
echo "$(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg), after $warm others"
measure "$keys"
cat "$work/times"
