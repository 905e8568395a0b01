package dev.sluice.gateway.connection;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to one target, on which alone they are used. The one used last is used first. */
final class LoopConnections {

    private final TargetConnections all;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    /** The one that was used last, which is least likely to have been closed by the other side, comes last. */
    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();

    private final Deque<Borrower> waiting = new ArrayDeque<>();
    /** Both for other loops to see. */
    private volatile int hungry;

    private final AtomicInteger opened = new AtomicInteger();
    private boolean sweeping;

    LoopConnections(TargetConnections all, Channel caller) {
        this.all = all;
        this.loop = caller.eventLoop();
        this.bootstrap = all.transport()
                .bootstrap(
                        loop,
                        TargetConnections.kindOf(caller),
                        all.terms(),
                        decoder -> new UpstreamConnection(this, decoder));
    }

    EventLoop loop() {
        return loop;
    }

    void acquire(Borrower borrower) {
        UpstreamConnection kept = takeIdle();
        if (kept != null) {
            borrower.lend(kept);
        } else {
            acquireNew(borrower);
        }
    }

    /** As {@link #acquire}, for whom a kept one has just failed; one that others give back while there is no place may be kept all the same. */
    void acquireNew(Borrower borrower) {
        if (all.tryOpen()) {
            connect(borrower);
        } else if (all.tryWait()) {
            waiting.addLast(borrower);
            hungry = waiting.size();
            borrower.waitsUntil(loop.schedule(
                    () -> giveUp(borrower), all.terms().maxWaitingTime().toNanos(), TimeUnit.NANOSECONDS));
            all.hunger();
        } else {
            borrower.refuse(new RejectedExecutionException("too many requests wait for a connection"));
        }
    }

    /** Takes back a connection that can be used again; closes it when somebody else needs its place more. */
    void release(UpstreamConnection connection) {
        boolean givenUp = all.isDisposed() || all.isAnybodyStarvingBut(this);
        Borrower next = givenUp ? null : nextWaiting();
        if (next != null) {
            next.lend(connection);
        } else if (givenUp || all.isAnybodyHungryBut(this)) {
            connection.close();
        } else {
            connection.restSince(System.nanoTime());
            idle.addLast(connection);
            sweepLater(all.terms().maxIdleTime().toNanos());
        }
    }

    /** Who left while waiting is not to be served any more. */
    void forget(Borrower borrower) {
        if (waiting.remove(borrower)) {
            hungry = waiting.size();
            borrower.waitsNoMore();
            all.waited();
        }
    }

    /** A place for one more connection of this loop, taken already. */
    void feed() {
        loop.execute(() -> {
            Borrower next = nextWaiting();
            if (next == null) {
                all.closed();
            } else {
                connect(next);
                all.feed();
            }
        });
    }

    boolean isHungry() {
        return hungry > 0;
    }

    boolean isStarving() {
        return hungry > 0 && opened.get() == 0;
    }

    /** Somebody needs a place elsewhere. */
    void spareOne() {
        loop.execute(() -> {
            UpstreamConnection oldest = all.isAnybodyHungryBut(this) ? idle.pollFirst() : null;
            if (oldest != null) {
                oldest.close();
            }
        });
    }

    void dispose() {
        loop.execute(() -> {
            for (UpstreamConnection each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
                each.close();
            }
        });
    }

    private void giveUp(Borrower borrower) {
        if (waiting.remove(borrower)) {
            hungry = waiting.size();
            all.waited();
            borrower.refuse(new TimeoutException("no connection became free"));
        }
    }

    private @Nullable Borrower nextWaiting() {
        Borrower next = waiting.pollFirst();
        if (next != null) {
            hungry = waiting.size();
            next.waitsNoMore();
            all.waited();
        }
        return next;
    }

    private @Nullable UpstreamConnection takeIdle() {
        UpstreamConnection last = idle.pollLast();
        while (last != null) {
            if (last.isAlive() && !isStale(last)) {
                return last;
            }
            last.close();
            last = idle.pollLast();
        }
        return null;
    }

    private void connect(Borrower borrower) {
        opened.incrementAndGet();
        ChannelFuture connecting = bootstrap.connect();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                closed();
                borrower.refuse(causeOf(done));
                return;
            }
            Channel channel = connecting.channel();
            UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
            channel.closeFuture().addListener(closed -> {
                idle.remove(connection);
                closed();
            });
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                hand(connection, borrower);
            } else {
                tls.handshakeFuture().addListener(shaken -> {
                    if (shaken.isSuccess()) {
                        hand(connection, borrower);
                    } else {
                        connection.close();
                        borrower.refuse(causeOf(shaken));
                    }
                });
            }
        });
    }

    private void closed() {
        opened.decrementAndGet();
        all.closed();
    }

    private void hand(UpstreamConnection connection, Borrower borrower) {
        if (borrower.hasLeft()) {
            release(connection);
        } else {
            borrower.lend(connection);
        }
    }

    private static Throwable causeOf(Future<?> failed) {
        Throwable cause = failed.cause();
        return cause == null ? new ClosedChannelException() : cause;
    }

    private boolean isStale(UpstreamConnection connection) {
        return System.nanoTime() - connection.restingSince()
                >= all.terms().maxIdleTime().toNanos();
    }

    private void sweepLater(long nanos) {
        if (!sweeping) {
            sweeping = true;
            Future<?> _ = loop.schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        sweeping = false;
        UpstreamConnection oldest = idle.peekFirst();
        while (oldest != null && isStale(oldest)) {
            idle.removeFirst();
            oldest.close();
            oldest = idle.peekFirst();
        }
        if (oldest != null) {
            sweepLater(all.terms().maxIdleTime().toNanos() - (System.nanoTime() - oldest.restingSince()));
        }
    }
}
