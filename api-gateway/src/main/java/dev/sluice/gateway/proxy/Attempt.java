package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Watch.Phase;
import dev.sluice.gateway.relay.CallerBodyException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;

/** One request at one target, from its choice to its end: what the target's load, breaker and metrics learn of it. */
final class Attempt {

    private final Upstream upstream;
    private final UpstreamTarget target;
    private final TargetPools.Pool pool;
    private final int number;
    private final Watch watch;
    private final long startedNanos = System.nanoTime();
    private final AtomicBoolean counted = new AtomicBoolean();
    private volatile boolean answered;
    private volatile Sinks.@Nullable Empty<Void> silence;

    /**
     * @param number 1 for the first of a request
     * @param pool of the target, for this request; given back at its end
     */
    Attempt(Upstream upstream, UpstreamTarget target, TargetPools.Pool pool, int number, Watch watch) {
        this.upstream = upstream;
        this.target = target;
        this.pool = pool;
        this.number = number;
        this.watch = watch;
    }

    Upstream upstream() {
        return upstream;
    }

    UpstreamTarget target() {
        return target;
    }

    HttpClient client() {
        return pool.client();
    }

    int number() {
        return number;
    }

    Watch watch() {
        return watch;
    }

    /** Follows what is sent and received to its end. */
    Mono<Void> follow(Function<Attempt, Mono<Void>> sending) {
        target.began();
        watch.enter(Phase.CONNECTION);
        return Mono.defer(() -> sending.apply(this))
                .doOnSuccess(done -> count("answered"))
                .doOnError(this::failed)
                .doOnCancel(this::cancelled)
                .doFinally(signal -> {
                    pool.giveBack();
                    target.ended();
                });
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

    void moved(ByteBuf piece) {
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

    private void failed(Throwable failure) {
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

    private void cancelled() {
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
