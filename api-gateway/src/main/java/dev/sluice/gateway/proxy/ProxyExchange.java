package dev.sluice.gateway.proxy;

import dev.sluice.gateway.relay.CallerBodyException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.SecurityHeaders;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One request at an upstream, over as many attempts as it takes and its route allows. It goes on on the event loop of the
 * caller's connection, where new connections to the upstream are made too.
 */
final class ProxyExchange extends Mono<Void> {

    private final ProxiedRequest request;
    private final Upstream upstream;
    private final Tunnels tunnels;
    private final Watches watches;

    ProxyExchange(ProxiedRequest request, Upstream upstream, Tunnels tunnels, Watches watches) {
        this.request = request;
        this.upstream = upstream;
        this.tunnels = tunnels;
        this.watches = watches;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> reader) {
        Running running = new Running(reader);
        reader.onSubscribe(running);
        running.onLoop(running::begin);
    }

    /** What is subscribed to by one reader. Used on the loop. */
    private final class Running implements Subscription {

        private final CoreSubscriber<? super Void> reader;
        private final Context context;
        private final EventLoop loop = request.connection().channel().eventLoop();
        private final LoopWatches looks = watches.of(loop);
        private final Watch watch = new Watch(upstream.route().timeouts(), this::cut);
        private final Set<Integer> tried = new HashSet<>(2);
        private @Nullable Attempt current;
        private @Nullable Subscription sending;
        private @Nullable Future<?> pause;
        private int attempts;
        private boolean sent;
        private boolean over;

        Running(CoreSubscriber<? super Void> reader) {
            this.reader = reader;
            this.context = reader.currentContext();
        }

        void onLoop(Runnable task) {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        }

        void begin() {
            if (!over) {
                looks.add(watch);
                attempt();
            }
        }

        private void attempt() {
            if (over) {
                return;
            }
            attempts++;
            Optional<UpstreamTarget> chosen = upstream.choose(tried);
            if (chosen.isEmpty()) {
                upstream.meters().count(-1, UpstreamFault.NO_TARGET.label());
                end(upstream.noTarget(sent));
                return;
            }
            tried.add(chosen.get().index());
            Attempt attempt = new Attempt(upstream, chosen.get(), attempts, watch);
            current = attempt;
            attempt.begin();
            sending(attempt).subscribe(new Sending(this, attempt));
        }

        private Mono<Void> sending(Attempt attempt) {
            try {
                return request.isWebSocket()
                        ? new WebSocketExchange(request, attempt, tunnels).run()
                        : new PlainExchange(request, attempt).run();
            } catch (RuntimeException e) {
                return Mono.error(e);
            }
        }

        private boolean isOver(Attempt attempt) {
            return over || current != attempt;
        }

        private void succeeded(Attempt attempt) {
            if (!isOver(attempt)) {
                attempt.succeeded();
                end(null);
            }
        }

        private void failed(Attempt attempt, Throwable failure) {
            if (isOver(attempt)) {
                Operators.onErrorDropped(failure, context);
                return;
            }
            attempt.failed(failure);
            Optional<UpstreamFault> fault = ProxyFailures.faultOf(failure);
            boolean again = fault.isPresent()
                    && !request.answer().hasBegun()
                    && upstream.repeat()
                            .allows(
                                    fault.get(),
                                    attempts,
                                    request.method(),
                                    request.body().isTaken());
            if (!again) {
                end(failure);
                return;
            }
            sent |= !fault.get().isUnsent();
            current = null;
            pause = loop.schedule(this::attempt, upstream.pauseAfter(attempts).toNanos(), TimeUnit.NANOSECONDS);
        }

        /** A timeout; it ends the request, whatever the attempt has come to. */
        private void cut(UpstreamFault fault) {
            Attempt attempt = current;
            if (over || (attempt != null && !attempt.mustBeCut(fault))) {
                return;
            }
            stop();
            if (attempt != null) {
                attempt.cancelled();
            }
            end(new UpstreamException(fault));
        }

        private void end(@Nullable Throwable failure) {
            over = true;
            looks.remove(watch);
            if (failure == null) {
                reader.onComplete();
            } else {
                reader.onError(toProblem(failure, sent));
            }
        }

        @Override
        public void cancel() {
            onLoop(() -> {
                if (over) {
                    return;
                }
                over = true;
                looks.remove(watch);
                stop();
                Attempt attempt = current;
                if (attempt != null) {
                    attempt.cancelled();
                }
            });
        }

        private void stop() {
            Future<?> waiting = pause;
            if (waiting != null) {
                waiting.cancel(false);
            }
            Subscription subscription = sending;
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void request(long count) {
            // There is nothing to ask for but the end.
        }
    }

    /** Follows one attempt. */
    private record Sending(Running running, Attempt attempt) implements CoreSubscriber<Void> {

        @Override
        public Context currentContext() {
            return running.context;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (running.isOver(attempt)) {
                subscription.cancel();
                return;
            }
            running.sending = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {
            // There is none.
        }

        @Override
        public void onError(Throwable failure) {
            running.onLoop(() -> running.failed(attempt, failure));
        }

        @Override
        public void onComplete() {
            running.onLoop(() -> running.succeeded(attempt));
        }
    }

    private Throwable toProblem(Throwable failure, boolean sent) {
        if (request.audience() == Audience.CALLER) {
            request.answer().takeBack();
            SecurityHeaders.takeBack(request.exchange());
        }
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
