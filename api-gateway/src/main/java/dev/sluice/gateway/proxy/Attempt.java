package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Watch.Phase;
import dev.sluice.gateway.relay.CallerBodyException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** One request at one target, from its choice to its end: what the target's load, breaker and metrics learn of it. */
final class Attempt {

    private final Upstream upstream;
    private final UpstreamTarget target;
    private final int number;
    private final Watch watch;
    private final long startedNanos = System.nanoTime();
    private final AtomicBoolean counted = new AtomicBoolean();
    private volatile boolean answered;
    private volatile Sinks.@Nullable Empty<Void> silence;

    /** @param number 1 for the first of a request */
    Attempt(Upstream upstream, UpstreamTarget target, int number, Watch watch) {
        this.upstream = upstream;
        this.target = target;
        this.number = number;
        this.watch = watch;
    }

    Upstream upstream() {
        return upstream;
    }

    UpstreamTarget target() {
        return target;
    }

    int number() {
        return number;
    }

    Watch watch() {
        return watch;
    }

    /** To be followed by exactly one of {@link #succeeded}, {@link #failed} and {@link #cancelled}. */
    void begin() {
        target.began();
        watch.enter(Phase.CONNECTION);
    }

    void succeeded() {
        count("answered");
        target.ended();
    }

    /** The head of an answer is there; 101 too. */
    void answered(int status) {
        answered = true;
        upstream.meters().answeredAfter(System.nanoTime() - startedNanos);
        if (status == 502 || status == 503 || status == 504) {
            target.breaker().failed();
            return;
        }
        target.breaker().succeeded();
    }

    /** Server-Timing's entry for the upstream, in milliseconds. */
    String timing() {
        long micros = (System.nanoTime() - startedNanos) / 1000;
        return "upstream;dur=" + micros / 1000 + "." + micros % 1000 / 100;
    }

    void moved() {
        watch.moved();
    }

    /** The connection is a tunnel from now on; completes when nothing has moved in it for too long. */
    Mono<Void> upgraded() {
        Sinks.Empty<Void> sink = Sinks.empty();
        silence = sink;
        return sink.asMono();
    }

    /** Ends what a timeout ended; false when that is done gently, by its tunnel. */
    boolean mustBeCut(UpstreamFault fault) {
        Sinks.Empty<Void> tunnel = silence;
        if (tunnel != null) {
            tunnel.tryEmitEmpty();
            return false;
        }
        end(fault);
        return true;
    }

    void failed(Throwable failure) {
        target.ended();
        Optional<UpstreamFault> fault = ProxyFailures.faultOf(failure);
        if (fault.isPresent()) {
            end(fault.get());
            return;
        }
        if (!answered) {
            target.breaker().abandoned();
        }
        count(failure instanceof CallerBodyException ? "caller_failed" : "failed");
    }

    void cancelled() {
        target.ended();
        if (!answered && !counted.get()) {
            target.breaker().abandoned();
        }
        count("cancelled");
    }

    private void end(UpstreamFault fault) {
        if (!count(fault.label()) || fault == UpstreamFault.FAILING_STATUS) {
            return;
        }
        if (fault.isBeforeConnection()) {
            target.breaker().failedToConnect();
        } else if (fault.blamesTarget()) {
            target.breaker().failed();
        } else if (!answered) {
            target.breaker().abandoned();
        }
    }

    private boolean count(String outcome) {
        boolean first = counted.compareAndSet(false, true);
        if (first) {
            upstream.meters().count(target.index(), outcome);
        }
        return first;
    }
}
