#!/bin/bash
# What a GET costs that cache-service answers out of its memory, with identity, conditions, events, metrics and access log: beside a
# Reactor Netty server that gives the same bytes to everybody, nginx (out of its file cache, with an access log) and Varnish, in turns in
# one run. Prints requests a second and the CPU that the process under test used for each, from /proc.
#
#   benchmarks/cache-http.sh [name ...]     all that are installed, or those named: limit node nginx varnish
#
# Needs wrk, ./sluice build and mvn -q -pl benchmarks package before.
# Settings, as environment variables:
#   WARM=90 ROUNDS=3 SECONDS_EACH=8 CONNECTIONS=32     seconds each is warmed up; turns; seconds a turn, at most 50; connections
#   OFFSET=60 STATE=…                                  ports and state of the platform that is started for it
#   IMAGE=…/cache-service                              what the service is started from, instead of the built image
#   OTHER_IMAGE=…/cache-service                        a second one of another build, measured beside it as "other"
#   PROFILE=…                                          a file for a profile of the last turns of the node (JFR, jdk.CPUTimeSample)
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
warm=${WARM:-90} rounds=${ROUNDS:-3} length=${SECONDS_EACH:-8} connections=${CONNECTIONS:-32} offset=${OFFSET:-60}
state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
limit_port=$((17000 + offset)) nginx_port=$((17002 + offset)) varnish_port=$((17003 + offset))
work=$(mktemp -d /tmp/sluice-peers.XXXXXX)
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
flags="-Xmx256m -Xms32m -Xmn24m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
ticks=$(getconf CLK_TCK)
declare -A pids urls
children=()
# shellcheck source=benchmarks/cache-node.sh
. "$home/benchmarks/cache-node.sh"

finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  continue_own_node
  "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

await() { # url
  for _ in $(seq 100); do curl -fso /dev/null "$1" && return; sleep 0.1; done
  echo "nothing answers at $1" >&2
  exit 1
}

start_limit() {
  # shellcheck disable=SC2086
  "$java" $flags -cp "$home/benchmarks/target/classes:$home/benchmarks/target/libraries/*" \
    dev.sluice.benchmarks.proxy.ConstantUpstream "$limit_port" >"$work/limit.log" 2>&1 &
  children+=($!)
  pids[limit]=$! urls[limit]=http://127.0.0.1:$limit_port/bench
  await "${urls[limit]}"
  curl -fsS -o "$work/body" "${urls[limit]}"
}

put() { # name: the bytes of the limit, under a key such as an application would have
  urls[$1]=http://127.0.0.1:$node_port/api/v1/cache/namespaces/articles/keys/article:48151623:body
  curl -fsS -o /dev/null -X PUT "${urls[$1]}" -H "X-Sluice-Identity: $(identity)" -H 'Content-Type: application/json' --data-binary @"$work/body"
  pids[$1]=$node_pid
  children+=("$node_pid")
}

start_node_and_put() {
  start_platform "$state"
  stop_own_node
  # shellcheck disable=SC2086
  start_node $flags ${PROFILE:+-XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints}
  put node
  if [ -n "${OTHER_IMAGE:-}" ]; then
    node_port=$((17084 + offset)) IMAGE=$OTHER_IMAGE
    # shellcheck disable=SC2086
    start_node $flags
    put other
  fi
}

start_nginx() {
  mkdir -p "$work/files" && cp "$work/body" "$work/files/bench"
  cat >"$work/nginx.conf" <<END
worker_processes 2;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx-error.log;
events { worker_connections 1024; }
http {
  access_log $work/nginx-access.log;
  default_type application/json;
  open_file_cache max=100 inactive=60s;
  open_file_cache_valid 60s;
  server {
    listen 127.0.0.1:$nginx_port;
    root $work/files;
  }
}
END
  chmod 755 "$work" "$work/files"
  nginx -c "$work/nginx.conf" -p "$work" &
  children+=($!)
  urls[nginx]=http://127.0.0.1:$nginx_port/bench
  await "${urls[nginx]}"
  pids[nginx]=$(pgrep -P "${children[-1]}" | tr '\n' ' ')
}

start_varnish() {
  varnishd -F -n "$work/varnish" -a "127.0.0.1:$varnish_port" -b "127.0.0.1:$limit_port" -t 3600 -s malloc,32m >"$work/varnish.log" 2>&1 &
  children+=($!)
  urls[varnish]=http://127.0.0.1:$varnish_port/bench
  await "${urls[varnish]}"
  pids[varnish]=$(pgrep -P "${children[-1]}" | tr '\n' ' ')
}

cpu_ticks() { # pids: user and system time together
  local sum=0 pid
  for pid in $1; do sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'))); done
  echo "$sum"
}

turn() { # name seconds: prints "requests-a-second microseconds-a-request p50 p99"
  local before after out requests caller=
  case $1 in node | other) caller=$(identity) ;; esac
  before=$(cpu_ticks "${pids[$1]}")
  out=$(wrk -t1 --timeout 10s -c"$connections" -d"$2s" --latency ${caller:+-H "X-Sluice-Identity: $caller"} "${urls[$1]}")
  after=$(cpu_ticks "${pids[$1]}")
  if grep -q 'Non-2xx\|Socket errors' <<<"$out"; then
    echo "$1 did not answer all requests:" >&2
    echo "$out" >&2
    return 1
  fi
  requests=$(awk '/ requests in / { print $1 }' <<<"$out")
  awk -v requests="$requests" -v spent="$((after - before))" -v ticks="$ticks" -v seconds="$2" '
    /50%/ { half = $2 } /99%/ { late = $2 }
    END { printf "%d %.1f %s %s\n", requests / seconds, spent * 1e6 / ticks / requests, half, late }' <<<"$out"
}

all=("$@")
[ $# -gt 0 ] || all=(limit node nginx varnish)
start_limit
for name in "${all[@]}"; do
  case $name in
    limit) ;;
    node) start_node_and_put ;;
    nginx) command -v nginx >/dev/null || { echo "nginx is not installed" >&2; continue; }; start_nginx ;;
    varnish) command -v varnishd >/dev/null || { echo "varnish is not installed" >&2; continue; }; start_varnish ;;
  esac
  names+=("$name")
  if [ "$name" = node ] && [ -n "${OTHER_IMAGE:-}" ]; then names+=(other); fi
done
# An identity holds for a minute, so the way to full speed is gone in stretches.
for name in "${names[@]}"; do
  for ((gone = 0; gone < warm; gone += 30)); do turn "$name" $((warm - gone < 30 ? warm - gone : 30)) >/dev/null 2>&1 || true; done
done
[ -z "${PROFILE:-}" ] || "$JAVA_HOME/bin/jcmd" "${pids[node]}" JFR.start name=turns "filename=$PROFILE" settings="$home/benchmarks/cpu.jfc" >/dev/null
for round in $(seq "$rounds"); do
  for name in "${names[@]}"; do echo "$round $name $(turn "$name" "$length")" | tee -a "$work/turns" >&2; done
done
[ -z "${PROFILE:-}" ] || "$JAVA_HOME/bin/jcmd" "${pids[node]}" JFR.stop name=turns >/dev/null
echo "$(nproc) cores, $connections connections, $rounds turns of $length s after $warm s, load average $(cut -d' ' -f1 /proc/loadavg); medians"
printf '%-10s %10s %12s %10s %10s %12s %12s\n' '' 'requests/s' 'CPU µs/req' 'p50' 'p99' 'rate ÷ limit' 'CPU × limit'
# The ratios are medians of the ratios in each turn.
awk -v rounds="$rounds" '
  function middle(values, n,   i, j, swap) {
    for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (values[j] + 0 < values[i] + 0) { swap = values[i]; values[i] = values[j]; values[j] = swap }
    return values[int((n + 1) / 2)] }
  !($2 in seen) { seen[$2] = 1; order[++count] = $2 }
  { rate[$2, $1] = $3; cpu[$2, $1] = $4; half[$2, $1] = $5; late[$2, $1] = $6 }
  END {
    for (k = 1; k <= count; k++) {
      name = order[k]
      for (r = 1; r <= rounds; r++) { a[r] = rate[name, r]; b[r] = cpu[name, r]; c[r] = half[name, r]; d[r] = late[name, r]
        e[r] = rate["limit", r] ? a[r] / rate["limit", r] : 0; f[r] = cpu["limit", r] ? b[r] / cpu["limit", r] : 0 }
      printf "%-10s %10s %12s %10s %10s %12.2f %12.2f\n", name, middle(a, rounds), middle(b, rounds), middle(c, rounds), middle(d, rounds), middle(e, rounds), middle(f, rounds)
    }
  }' "$work/turns"
