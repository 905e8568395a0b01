package dev.sluice.gateway.ratelimit;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Names for lease books that no other book of any gateway has or had. Thread-safe. */
final class LeaseHolders implements Supplier<String> {

    private final String process;
    private final AtomicLong books = new AtomicLong();

    private LeaseHolders(String process) {
        this.process = process;
    }

    static LeaseHolders ofThisProcess() {
        return new LeaseHolders(UUID.randomUUID().toString().replace("-", ""));
    }

    /** Letters and digits only. */
    @Override
    public String get() {
        return process + "x" + Long.toString(books.incrementAndGet(), Character.MAX_RADIX);
    }
}
