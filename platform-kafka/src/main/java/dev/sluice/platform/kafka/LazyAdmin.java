package dev.sluice.platform.kafka;

import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** A connection of its own for questions about the cluster, made when it is first needed. Thread-safe. */
public final class LazyAdmin implements AutoCloseable {

    private final Supplier<Admin> admins;
    private @Nullable Admin admin;
    private boolean closed;

    public LazyAdmin(KafkaClients clients) {
        this.admins = clients::newAdmin;
    }

    LazyAdmin(Supplier<Admin> admins) {
        this.admins = admins;
    }

    /**
     * The same one each time.
     *
     * @throws org.apache.kafka.common.KafkaException if none can be made, as while Kafka's name is unknown; the next call tries again
     * @throws IllegalStateException after {@link #close}
     */
    public synchronized Admin get() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        Admin current = admin;
        if (current == null) {
            current = admins.get();
            admin = current;
        }
        return current;
    }

    @Override
    public void close() {
        Admin open;
        synchronized (this) {
            closed = true;
            open = admin;
        }
        // Not under the lock: who asks meanwhile is to be refused, not held up.
        if (open != null) {
            open.close();
        }
    }
}
