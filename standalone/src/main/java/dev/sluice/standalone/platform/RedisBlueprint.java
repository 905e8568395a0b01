package dev.sluice.standalone.platform;

import dev.sluice.platform.local.EndGuard;
import dev.sluice.platform.local.LocalProcess;
import dev.sluice.platform.local.RedisBinary;
import dev.sluice.platform.local.RedisSettings;
import dev.sluice.standalone.state.StateFolder;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How Redis is started and stopped. */
final class RedisBlueprint {

    static final String NAME = "redis";

    private RedisBlueprint() {}

    static ServiceBlueprint of(Installation installation, StateFolder state, Ports ports) {
        return new ServiceBlueprint(
                NAME,
                () -> start(installation, state, ports),
                new TcpReadiness(ports.redis()),
                List.of(state.output(NAME)),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    private static LocalProcess start(Installation installation, StateFolder state, Ports ports) throws IOException {
        RedisSettings settings =
                new RedisSettings(ports.redis(), state.data(NAME), RedisSettings.Durability.APPEND_ONLY);
        LocalProcess redis = LocalProcess.start(
                settings.command(RedisBinary.find(installation.images())), Map.of(), state.root(), state.output(NAME));
        EndGuard guard = EndGuard.of(redis.pid());
        redis.onExit().whenComplete((status, error) -> guard.close()).exceptionally(error -> 0);
        return redis;
    }
}
