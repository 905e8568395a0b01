package dev.sluice.webhook.delivery;

import dev.sluice.record.WebhookDelivery;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A delivery that was read, and where it stands on the log. */
final class Job {

    /** Of all but the body. */
    private static final int OVERHEAD_BYTES = 1024;

    private final WebhookDelivery delivery;
    private final int partition;
    private final long offset;
    private final boolean readAgain;
    private final boolean expired;
    /** Completes when it was worked on, one way or the other. */
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    /** Completes when the partition's reader need not remember it any more: it is done, or somebody else remembers it. */
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

    /** Completes when nothing more is sent because of it, which may be sooner than it is done. */
    private final CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> settled = new CompletableFuture<>();

    private Job(WebhookDelivery delivery, int partition, long offset, boolean readAgain, boolean expired) {
        this.delivery = delivery;
        this.partition = partition;
        this.offset = offset;
        this.readAgain = readAgain;
        this.expired = expired;
    }

    /** One that the partition's reader has brought. */
    static Job read(WebhookDelivery delivery, int partition, long offset) {
        return new Job(delivery, partition, offset, false, false);
    }

    /** One that was read again. */
    static Job readAgain(WebhookDelivery delivery, int partition, long offset) {
        return new Job(delivery, partition, offset, true, false);
    }

    /** The same, after it has waited so long that it is given up. */
    Job asExpired() {
        return new Job(delivery, partition, offset, readAgain, true);
    }

    boolean isExpired() {
        return expired;
    }

    boolean isReadAgain() {
        return readAgain;
    }

    WebhookDelivery delivery() {
        return delivery;
    }

    String endpointId() {
        return delivery.getEndpointId();
    }

    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    /** What it takes of the memory, about. */
    int bytes() {
        return OVERHEAD_BYTES + delivery.getBody().remaining();
    }

    CompletableFuture<@Nullable Void> done() {
        return done;
    }

    /** Completes when its receiver has it and only the log is waited for; of most others never. */
    CompletableFuture<@Nullable Void> sent() {
        return sent;
    }

    /** Completes when its endpoint's place is known without it. */
    CompletableFuture<@Nullable Void> settled() {
        return settled;
    }

    CompletableFuture<@Nullable Void> released() {
        return released;
    }
}
