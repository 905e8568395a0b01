package dev.sluice.e2e;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dispatcher beside the one of the platform, over the same log, with the same key to what is sealed there. Ends with this JVM. */
final class FurtherDispatcher implements AutoCloseable {

    private final ServiceProcess process;

    private FurtherDispatcher(ServiceProcess process) {
        this.process = process;
    }

    static FurtherDispatcher start(Platform platform) {
        JsonNode secrets = JsonMapper.shared()
                .readTree(platform.state().resolve("secrets.json").toFile());
        return new FurtherDispatcher(ServiceProcess.start(
                "webhook-dispatcher",
                Map.of(
                        "SPRING_KAFKA_BOOTSTRAPSERVERS",
                        platform.bootstrapServers(),
                        "SLUICE_INTERNAL_SECRET",
                        secrets.path("internal").asString(),
                        "SLUICE_WEBHOOK_SECRET_KEYS_0_ID",
                        "standalone",
                        "SLUICE_WEBHOOK_SECRET_KEYS_0_KEY",
                        secrets.path("webhookKey").asString(),
                        "SLUICE_WEBHOOK_EGRESS_ALLOWCIDRS_0",
                        "127.0.0.0/8")));
    }

    FurtherDispatcher awaitReady() {
        process.awaitReady();
        return this;
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
