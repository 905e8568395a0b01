package dev.sluice.standalone.supervise;

import java.util.Optional;

/** Asks a running service whether it can do its work. */
public interface ReadinessProbe {

    /** Why it is not ready yet; nothing when it is. Answers within about a second. */
    Optional<String> findObstacle();
}
