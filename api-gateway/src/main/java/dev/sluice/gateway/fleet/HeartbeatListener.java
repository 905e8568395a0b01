package dev.sluice.gateway.fleet;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.GatewayHeartbeat;
import dev.sluice.schemas.Topics;

/** Hears the heartbeats of all gateways, this one included. */
final class HeartbeatListener {

    private HeartbeatListener() {}

    static LogFollower follow(LogFollowers followers, Fleet fleet) {
        return followers.follow(Topics.GATEWAY_HEARTBEATS, record -> hear(record.value(), fleet));
    }

    private static void hear(GatewayHeartbeat heartbeat, Fleet fleet) {
        if (heartbeat.getLeaving()) {
            fleet.left(heartbeat.getInstance());
            return;
        }
        fleet.heard(heartbeat.getInstance(), heartbeat.getApplied());
    }
}
