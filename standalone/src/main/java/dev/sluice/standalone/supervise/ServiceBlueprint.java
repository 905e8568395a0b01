package dev.sluice.standalone.supervise;

import dev.sluice.platform.local.LocalProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How to start one service, to know that it is ready and to stop it.
 *
 * @param logs where to look when it dies, most telling first
 * @param startLimit after which a service that is not ready counts as failed
 * @param stopGrace after which a service that does not end is killed
 */
public record ServiceBlueprint(
        String name,
        ProcessStarter starter,
        ReadinessProbe probe,
        List<Path> logs,
        Duration startLimit,
        Duration stopGrace) {

    /** Starts the process; called again for every restart. */
    public interface ProcessStarter {
        LocalProcess start() throws IOException;
    }
}
