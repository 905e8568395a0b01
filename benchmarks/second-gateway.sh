# Sourced: starts a gateway of the built image beside the platform that runs at $offset, with the JVM's own thresholds for
# compiling, as the container images have. Wants $home, $java, $offset and $work; sets second_pid.
start_second_gateway() { # port management-port flag...
  SERVER_ADDRESS=127.0.0.1 SERVER_PORT=$1 MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MANAGEMENT_SERVER_PORT=$2 \
    SPRING_KAFKA_BOOTSTRAPSERVERS=127.0.0.1:$((19092 + offset)) SPRING_DATA_REDIS_PORT=$((16379 + offset)) \
    SLUICE_KAFKA_MAXPARTITIONS=3 SLUICE_INTERNAL_SECRET='unlike that of the platform: it calls no other service' \
    "$java" "${@:3}" -Dspring.aot.enabled=true -jar "${IMAGE:-$home/standalone/target/images/api-gateway}/app.jar" >"$work/second.log" 2>&1 &
  second_pid=$!
}
