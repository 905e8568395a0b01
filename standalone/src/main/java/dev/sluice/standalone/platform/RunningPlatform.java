package dev.sluice.standalone.platform;

import dev.sluice.standalone.key.DevelopmentKeys;
import dev.sluice.standalone.state.StateFolder;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** The addresses and keys of a platform that is ready, whoever started it. */
public record RunningPlatform(StateFolder state, Ports ports, DevelopmentKeys keys) {

    /** The ready platform of this folder; nothing when there is none. */
    public static Optional<RunningPlatform> find(StateFolder state) throws IOException {
        Optional<RunRecord> record =
                RunRecord.find(state).filter(RunRecord::isLive).filter(run -> run.phase() == PlatformPhase.READY);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        return DevelopmentKeys.find(state)
                .map(keys -> new RunningPlatform(state, record.get().ports(), keys));
    }

    public URI gateway() {
        return http(Application.API_GATEWAY);
    }

    public URI http(Application application) {
        return URI.create("http://127.0.0.1:" + ports.http(application));
    }

    public URI actuator(Application application) {
        return URI.create("http://127.0.0.1:" + ports.management(application) + "/actuator");
    }

    public String kafkaBootstrapServers() {
        return "127.0.0.1:" + ports.kafka();
    }
}
