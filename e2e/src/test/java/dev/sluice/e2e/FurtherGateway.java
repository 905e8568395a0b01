package dev.sluice.e2e;

import dev.sluice.platform.test.IsolatedRedis;
import java.util.HashMap;
import java.util.Map;

/**
 * A gateway beside the one of the platform, over the same log and the same Redis. It knows none of the other services, so
 * it answers what a gateway answers by itself. Ends with this JVM.
 */
final class FurtherGateway implements AutoCloseable {

    /** To one with these Redis is up, however busy the machine is; silence of 5 ms is a loss to one with the usual settings. */
    private static final Map<String, String> PATIENT = Map.of(
            "SLUICE_GATEWAY_RATELIMIT_PATIENCE", "2s",
            "SLUICE_GATEWAY_RATELIMIT_DEADLINE", "20s",
            "SPRING_DATA_REDIS_TIMEOUT", "20s");

    private final ServiceProcess process;

    private FurtherGateway(ServiceProcess process) {
        this.process = process;
    }

    /** One that keeps limits to the request on a busy machine too. */
    static FurtherGateway startPatient(Platform platform) {
        return start(platform, PATIENT);
    }

    /** The same over another Redis than the platform's. */
    static FurtherGateway startPatient(Platform platform, IsolatedRedis redis) {
        Map<String, String> settings = new HashMap<>(PATIENT);
        settings.put("SPRING_DATA_REDIS_HOST", redis.host());
        settings.put("SPRING_DATA_REDIS_PORT", Integer.toString(redis.port()));
        return start(platform, settings);
    }

    /** Starts one and does not wait for it. The settings are environment variables. */
    static FurtherGateway start(Platform platform, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPRING_KAFKA_BOOTSTRAPSERVERS",
                platform.bootstrapServers(),
                "SPRING_DATA_REDIS_PORT",
                Integer.toString(platform.redisPort()),
                "SLUICE_INTERNAL_SECRET",
                "not that of the platform, whose services it does not know"));
        environment.putAll(settings);
        return new FurtherGateway(ServiceProcess.start("api-gateway", environment));
    }

    FurtherGateway awaitReady() {
        process.awaitReady();
        return this;
    }

    /** The other client's key, used here. */
    Client like(Client other) {
        return new Client(process.address(), other.key());
    }

    Meters meters() {
        return process.meters();
    }

    /** Stops it in order, so that the others need not wait for its silence, and returns once it is gone. */
    @Override
    public void close() {
        process.close();
    }
}
