#!/bin/bash
# What a proxied request costs: the gateway (key, three limits out of leases) beside the upstream itself, a raw Reactor
# Netty proxy, Spring Cloud Gateway, nginx and HAProxy, in turns in one run. Prints requests a second and the CPU that the process under test used for
# each, from /proc, which other load on the machine disturbs less.
#
#   benchmarks/proxy.sh [name ...]     all that are installed, or those named: upstream raw gateway spring nginx haproxy;
#                                      and kept, the gateway with an answer out of its response cache (response-cache.sh)
#
# Needs wrk, and ./sluice build before; for Spring Cloud Gateway a redis-server and
#   mvn -q -f benchmarks/spring-cloud-gateway package
# Settings, as environment variables:
#   WARM=90 ROUNDS=3 SECONDS_EACH=8 CONNECTIONS=32     seconds each is warmed up; turns; seconds a turn; connections
#   OFFSET=40 STATE=…                                  ports and state of the platform that is started for it
#   GATEWAY=http://127.0.0.1:8080 ADMIN_KEY=slk_…      a gateway on this machine that runs already, instead of one of its own
#   IMAGE=…/api-gateway                                what the gateway is started from, instead of the built image
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
warm=${WARM:-90} rounds=${ROUNDS:-3} length=${SECONDS_EACH:-8} connections=${CONNECTIONS:-32} offset=${OFFSET:-40}
state=${STATE:-$(mktemp -d /tmp/sluice-benchmark.XXXXXX)}
upstream_port=$((17000 + offset)) raw_port=$((17001 + offset)) nginx_port=$((17002 + offset)) haproxy_port=$((17003 + offset))
spring_port=$((17004 + offset)) redis_port=$((17005 + offset)) spring_jar=$home/benchmarks/spring-cloud-gateway/target/spring-cloud-gateway.jar
gateway=${GATEWAY:-http://127.0.0.1:$((17080 + offset))}
work=$(mktemp -d /tmp/sluice-peers.XXXXXX)
java=${JAVA_HOME:?set it to a JDK 25}/bin/java
peer_flags="-Xmx256m -Xms32m -Xmn24m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
ticks=$(getconf CLK_TCK)
declare -A pids urls key_of
children=()
# shellcheck source=benchmarks/second-gateway.sh
. "$home/benchmarks/second-gateway.sh"

finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  [ -n "${GATEWAY:-}" ] || "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

peer() { # name port main-class arguments
  # shellcheck disable=SC2086
  "$java" $peer_flags -cp "$home/benchmarks/target/classes:$home/benchmarks/target/libraries/*" \
    "dev.sluice.benchmarks.proxy.$3" "${@:4}" >"$work/$1.log" 2>&1 &
  children+=($!)
  pids[$1]=$! urls[$1]=http://127.0.0.1:$2/bench key_of[$1]=
}

await() { # url
  for _ in $(seq 100); do curl -fso /dev/null "$1" && return; sleep 0.1; done
  echo "nothing answers at $1" >&2
  exit 1
}

start_upstream() { peer upstream "$upstream_port" ConstantUpstream "$upstream_port"; await "${urls[upstream]}"; }

start_raw() { peer raw "$raw_port" RawProxy "$raw_port" "http://127.0.0.1:$upstream_port"; await "${urls[raw]}"; }

# The Redis limiter of Spring Cloud Gateway with the same three limits; a Redis of its own.
start_spring() {
  redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no >"$work/redis.log" 2>&1 &
  children+=($!)
  # shellcheck disable=SC2086
  upstream=http://127.0.0.1:$upstream_port "$java" $peer_flags -jar "$spring_jar" \
    --server.port="$spring_port" --spring.data.redis.port="$redis_port" >"$work/spring.log" 2>&1 &
  children+=($!)
  pids[spring]=$! urls[spring]=http://127.0.0.1:$spring_port/bench key_of[spring]=someone
  # On a machine that is busy it has taken more than 20 s to start.
  for _ in $(seq 600); do curl -fso /dev/null -H 'X-API-Key: someone' "${urls[spring]}" && return; sleep 0.2; done
  cat "$work/spring.log"
  exit 1
}

start_nginx() {
  cat >"$work/nginx.conf" <<END
worker_processes 2;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx-error.log;
events { worker_connections 1024; }
http {
  access_log $work/nginx-access.log;
  limit_req_zone \$http_x_api_key zone=keys:10m rate=1000000r/s;
  upstream constant { server 127.0.0.1:$upstream_port; keepalive 64; }
  server {
    listen 127.0.0.1:$nginx_port;
    location / {
      limit_req zone=keys burst=100000 nodelay;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://constant;
    }
  }
}
END
  nginx -c "$work/nginx.conf" -p "$work" &
  children+=($!)
  urls[nginx]=http://127.0.0.1:$nginx_port/bench key_of[nginx]=someone
  await "${urls[nginx]}"
  pids[nginx]=$(pgrep -P "${children[-1]}" | tr '\n' ' ')
}

start_haproxy() {
  cat >"$work/haproxy.cfg" <<END
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:$haproxy_port
  stick-table type string len 80 size 100k expire 1m store http_req_rate(1s)
  http-request track-sc0 req.hdr(X-API-Key)
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
  default_backend constant
backend constant
  server one 127.0.0.1:$upstream_port
END
  haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
  children+=($!)
  pids[haproxy]=$! urls[haproxy]=http://127.0.0.1:$haproxy_port/bench key_of[haproxy]=someone
  await "${urls[haproxy]}"
}

admin_call() { # method path body
  curl -fsS -X "$1" "$gateway$2" -H "X-API-Key: $admin" -H 'Content-Type: application/json' -d "$3"
}

start_gateway() {
  admin=${ADMIN_KEY:-}
  if [ -z "${GATEWAY:-}" ]; then
    SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$state" >"$work/up.log" 2>&1 ||
      { cat "$work/up.log"; exit 1; }
    admin=$("$home/sluice" keys --state "$state" | grep -o 'slk_[A-Za-z0-9_]*' | head -n 1)
    # Not the one of ./sluice up, which compiles late so that the start is cheap.
    # shellcheck disable=SC2086
    start_second_gateway "${gateway##*:}" $((17081 + offset)) $peer_flags
    children+=("$second_pid")
    for _ in $(seq 300); do curl -fso /dev/null -H "X-API-Key: $admin" "$gateway/api/v1/tiers" && break; sleep 0.2; done
  fi
  # Three limits that nobody reaches: a rate for every request, and a minute's and a day's quota for the group.
  admin_call PUT /api/v1/tiers/benchmark '{"description":"For benchmarks.","limits":[
    {"name":"rate","group":"*","window":"second","quota":1000000,"burst":2000000},
    {"name":"minute","group":"routes","window":"minute","quota":100000000},
    {"name":"day","group":"routes","window":"day","quota":1000000000}]}' >/dev/null
  admin_call PUT /api/v1/tenants/benchmark '{"name":"Benchmark","tier":"benchmark"}' >/dev/null
  admin_call PUT /api/v1/routes/benchmark \
    '{"match":{"path":"/bench/**"},"targets":[{"url":"http://127.0.0.1:'"$upstream_port"'"}]}' >/dev/null
  key_of[gateway]=$(admin_call POST /api/v1/keys '{"name":"benchmark","tenant":"benchmark","environment":"test","scopes":["events:write"]}' |
    grep -o 'slk_[A-Za-z0-9_]*' | head -n 1)
  urls[gateway]=$gateway/bench
  pids[gateway]=$(ss -Hltnp "sport = :${gateway##*:}" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2)
}

# The same route, but for what the response cache does.
start_kept() {
  [ -n "${pids[gateway]:-}" ] || start_gateway
  admin_call PUT /api/v1/routes/kept \
    '{"match":{"path":"/kept/**"},"targets":[{"url":"http://127.0.0.1:'"$upstream_port"'"}],"cache":{"defaultTtl":"1h"}}' >/dev/null
  key_of[kept]=${key_of[gateway]} urls[kept]=$gateway/kept pids[kept]=${pids[gateway]}
  for _ in $(seq 100); do
    [[ $(curl -fsS -o /dev/null -D - -H "X-API-Key: ${key_of[kept]}" "${urls[kept]}") != *'sluice; hit'* ]] || return 0
    sleep 0.1
  done
  echo "the response cache keeps nothing" >&2
  exit 1
}

cpu_ticks() { # pids: user and system time together
  local sum=0 pid
  for pid in $1; do sum=$((sum + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }'))); done
  echo "$sum"
}

turn() { # name seconds: prints "requests-a-second microseconds-a-request p50 p99"
  local before after out requests
  before=$(cpu_ticks "${pids[$1]}")
  out=$(wrk -t1 --timeout 10s -c"$connections" -d"$2s" --latency ${key_of[$1]:+-H "X-API-Key: ${key_of[$1]}"} "${urls[$1]}")
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

installed() {
  case $1 in
    nginx | haproxy) command -v "$1" >/dev/null ;;
    spring) [ -f "$spring_jar" ] && command -v redis-server >/dev/null ;;
  esac
}

all=("$@")
[ $# -gt 0 ] || all=(upstream raw gateway spring nginx haproxy)
start_upstream
for name in "${all[@]}"; do
  installed "$name" || { echo "$name is not installed" >&2; continue; }
  [ "$name" = upstream ] || "start_$name"
  names+=("$name")
done
# What is cold on a busy machine may take longer than any patience.
for name in "${names[@]}"; do turn "$name" "$warm" >/dev/null 2>&1 || true; done
for round in $(seq "$rounds"); do
  for name in "${names[@]}"; do echo "$round $name $(turn "$name" "$length")" | tee -a "$work/turns" >&2; done
done
echo "$(nproc) cores, $connections connections, $rounds turns of $length s after $warm s; medians"
printf '%-10s %10s %12s %10s %10s %8s\n' '' 'requests/s' 'CPU µs/req' 'p50' 'p99' '× raw'
for name in "${names[@]}"; do
  for column in 3 4 5 6; do
    awk -v name="$name" -v column="$column" '$2 == name { print $column }' "$work/turns" | sort -h | sed -n "$(((rounds + 1) / 2))p"
  done | paste -s -d ' ' | sed "s/^/$name /"
done | awk '{ line[NR] = $0; if ($1 == "raw") raw = $3 }
  END { for (i = 1; i <= NR; i++) { split(line[i], f, " ")
    printf "%-10s %10s %12s %10s %10s %8s\n", f[1], f[2], f[3], f[4], f[5], raw ? sprintf("%.2f", f[3] / raw) : "" } }'
