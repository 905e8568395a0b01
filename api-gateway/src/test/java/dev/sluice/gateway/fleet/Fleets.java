package dev.sluice.gateway.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Fleets for tests. */
public final class Fleets {

    private Fleets() {}

    /** A fleet of one gateway, which hears itself at once. */
    public static Fleet alone() {
        Echo echo = new Echo();
        Fleet fleet = new Fleet(
                new Members("self", Duration.ZERO, Duration.ofHours(1)), echo, Duration.ofMinutes(1), System::nanoTime);
        echo.fleet = fleet;
        fleet.join();
        return fleet;
    }

    /** Another gateway says how far it has come. */
    public static void hear(Fleet fleet, String instance, Map<String, Long> applied) {
        fleet.heard(instance, applied);
    }

    private static final class Echo implements HeartbeatSender {
        private volatile @Nullable Fleet fleet;

        @Override
        public CompletableFuture<?> beat(Map<String, Long> applied) {
            Fleet listening = fleet;
            if (listening != null) {
                listening.heard("self", applied);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<?> leave() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
