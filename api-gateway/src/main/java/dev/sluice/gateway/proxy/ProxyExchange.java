package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.CallerBodyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.SecurityHeaders;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** One request at an upstream, over as many attempts as it takes and its route allows. */
final class ProxyExchange {

    private final ProxiedRequest request;
    private final Upstream upstream;
    private final Tunnels tunnels;
    private final Set<Integer> tried = new HashSet<>(2);
    private final Sinks.One<Void> cut = Sinks.one();
    private final EventLoop loop;
    private final Watch watch;
    private volatile @Nullable Attempt current;
    private int attempts;
    private volatile boolean sent;

    ProxyExchange(ProxiedRequest request, Upstream upstream, Tunnels tunnels) {
        this.request = request;
        this.upstream = upstream;
        this.tunnels = tunnels;
        this.loop = request.connection().channel().eventLoop();
        this.watch = new Watch(loop, upstream.route().timeouts(), this::cut);
    }

    Mono<Void> run() {
        Mono<Void> attempt = Mono.defer(this::attempt);
        Mono<Void> all = request.body().exists()
                ? Mono.firstWithSignal(attempt, cut.asMono(), request.body().failure())
                : Mono.firstWithSignal(attempt, cut.asMono());
        Mono<Void> run = all.onErrorMap(this::toProblem).doFinally(signal -> watch.end());
        // New connections are made on the loop that asks for them; see TargetPools.
        return loop.inEventLoop() ? run : run.subscribeOn(Schedulers.fromExecutor(loop));
    }

    private Mono<Void> attempt() {
        attempts++;
        Optional<UpstreamTarget> chosen = upstream.choose(tried);
        if (chosen.isEmpty()) {
            upstream.meters().count(-1, UpstreamFault.NO_TARGET.label());
            return Mono.error(upstream.noTarget(sent));
        }
        tried.add(chosen.get().index());
        UpstreamTarget target = chosen.get();
        Attempt attempt = new Attempt(upstream, target, target.take(loop), attempts, watch);
        current = attempt;
        return attempt.follow(this::send).onErrorResume(this::again);
    }

    private Mono<Void> send(Attempt attempt) {
        return request.isWebSocket()
                ? new WebSocketExchange(request, attempt, tunnels).run()
                : new PlainExchange(request, attempt).run();
    }

    private Mono<Void> again(Throwable failure) {
        Optional<UpstreamFault> fault = ProxyFailures.faultOf(failure);
        boolean may = fault.isPresent()
                && !request.answer().hasBegun()
                && upstream.repeat()
                        .allows(
                                fault.get(),
                                attempts,
                                request.method(),
                                request.body().isTaken());
        if (!may) {
            return Mono.error(failure);
        }
        sent |= !fault.get().isUnsent();
        return Mono.delay(upstream.pauseAfter(attempts)).then(Mono.defer(this::attempt));
    }

    private void cut(UpstreamFault fault) {
        Attempt attempt = current;
        if (attempt == null || attempt.mustBeCut(fault)) {
            cut.tryEmitError(new UpstreamException(fault));
        }
    }

    private Throwable toProblem(Throwable failure) {
        request.answer().takeBack();
        SecurityHeaders.takeBack(request.exchange());
        if (failure instanceof ProblemException) {
            return failure;
        }
        if (failure instanceof CallerBodyException body) {
            return body.getCause();
        }
        return ProxyFailures.faultOf(failure)
                .<Throwable>map(
                        fault -> ProxyFailures.problemOf(upstream.route().id(), fault, sent))
                .orElse(failure);
    }
}
