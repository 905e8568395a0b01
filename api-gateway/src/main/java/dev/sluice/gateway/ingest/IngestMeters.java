package dev.sluice.gateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what came of claims. Thread-safe. */
final class IngestMeters {

    private final Counter granted;
    private final Counter complete;
    private final Counter inFlight;
    private final Counter mismatch;
    private final Counter takenOver;
    private final Counter unchecked;

    IngestMeters(MeterRegistry meters) {
        this.granted = counter("granted", meters);
        this.complete = counter("complete", meters);
        this.inFlight = counter("in_flight", meters);
        this.mismatch = counter("mismatch", meters);
        this.takenOver = counter("taken_over", meters);
        this.unchecked = counter("unchecked", meters);
    }

    private static Counter counter(String reply, MeterRegistry meters) {
        return Counter.builder("sluice.ingest.claims")
                .description("Events with a name, by what came of their claim; unchecked: Redis did not answer")
                .tag("reply", reply)
                .register(meters);
    }

    void count(ClaimReply reply) {
        switch (reply) {
            case ClaimReply.Granted ignored -> granted.increment();
            case ClaimReply.Complete ignored -> complete.increment();
            case ClaimReply.InFlight ignored -> inFlight.increment();
            case ClaimReply.Mismatch ignored -> mismatch.increment();
            case ClaimReply.TakenOver ignored -> takenOver.increment();
            case ClaimReply.Unanswered ignored -> unchecked.increment();
        }
    }
}
