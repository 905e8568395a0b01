package dev.sluice.metrics.alert;

import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.Alert;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The table of alerts in memory, with all that was ever written. */
class FakeAlerts extends FakeLogTable<Alert> {

    final List<Alert> written = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    FakeAlerts() {
        onChange((key, _, after) -> {
            if (after != null) {
                keys.add(key);
                written.add(after);
            }
        });
    }

    /** What another process sees that hears nothing of the log from now on, but can write. */
    FakeAlerts leftBehind() {
        return new LeftBehind(this);
    }

    private static final class LeftBehind extends FakeAlerts {
        private final FakeAlerts log;

        LeftBehind(FakeAlerts log) {
            this.log = log;
            for (int i = 0; i < log.written.size(); i++) {
                CompletableFuture<Versioned<Alert>> _ = super.put(log.keys.get(i), log.written.get(i));
            }
        }

        @Override
        public synchronized CompletableFuture<Versioned<Alert>> put(String key, Alert value) {
            return log.put(key, value);
        }

        @Override
        public synchronized CompletableFuture<Versioned<Alert>> put(String key, Alert value, long expectedVersion) {
            return log.put(key, value, expectedVersion);
        }
    }
}
