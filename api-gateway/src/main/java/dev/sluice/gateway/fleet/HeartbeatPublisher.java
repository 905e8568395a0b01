package dev.sluice.gateway.fleet;

import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.GatewayHeartbeat;
import dev.sluice.schemas.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Writes heartbeats on the log. */
final class HeartbeatPublisher implements HeartbeatSender {

    private final RecordPublisher<GatewayHeartbeat> heartbeats;
    private final String self;
    private final InstantSource clock;

    HeartbeatPublisher(RecordPublishers publishers, String self, InstantSource clock) {
        this.heartbeats = publishers.to(Topics.GATEWAY_HEARTBEATS);
        this.self = self;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<?> beat(Map<String, Long> applied) {
        return heartbeats.publish(self, new GatewayHeartbeat(self, clock.instant(), false, applied));
    }

    @Override
    public CompletableFuture<?> leave() {
        return heartbeats.publish(self, new GatewayHeartbeat(self, clock.instant(), true, Map.of()));
    }
}
