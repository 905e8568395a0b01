# Sourced: starts a cache-service of the built image beside the platform that runs at $offset, with the JVM's own thresholds for
# compiling, as the container images have. Wants $home, $java, $offset and $work; sets node_pid, node_port, node_secret and redis_pid.
node_port=$((17082 + offset)) node_secret='known to the benchmark, which signs as a gateway does'

start_platform() { # state
  SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$1" >"$work/up.log" 2>&1 ||
    { cat "$work/up.log"; exit 1; }
  redis_pid=$(ss -Hltnp "sport = :$((16379 + offset))" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2)
}

# The platform's own node, which compiles late so that it starts cheaply, does nothing from here on.
stop_own_node() {
  own_pid=$(ss -Hltnp "sport = :$((8081 + offset))" | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2)
  kill -STOP "$own_pid"
}

continue_own_node() {
  [ -z "${own_pid:-}" ] || kill -CONT "$own_pid" 2>/dev/null || true
}

start_node() { # flag...
  # shellcheck disable=SC2086
  SERVER_ADDRESS=127.0.0.1 SERVER_PORT=$node_port MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MANAGEMENT_SERVER_PORT=$((node_port + 1)) \
    SPRING_KAFKA_BOOTSTRAPSERVERS=127.0.0.1:$((19092 + offset)) SPRING_DATA_REDIS_PORT=$((16379 + offset)) \
    SLUICE_KAFKA_MAXPARTITIONS=3 SLUICE_INTERNAL_SECRET=$node_secret \
    "$java" "$@" -Dspring.aot.enabled=true ${NODE_FLAGS:-} -jar "${IMAGE:-$home/standalone/target/images/cache-service}/app.jar" >"$work/node.log" 2>&1 &
  node_pid=$!
  for _ in $(seq 600); do
    curl -fso /dev/null "http://127.0.0.1:$((node_port + 1))/actuator/health/readiness" && return
    kill -0 "$node_pid" || break
    sleep 0.2
  done
  cat "$work/node.log"
  exit 1
}

identity() { # prints what makes a request one of the gateway's, for a minute
  "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$home/benchmarks/target/classes" dev.sluice.benchmarks.cache.CallerIdentity /dev/stdout "$node_secret"
}
