package dev.sluice.platform.web;

import io.netty.channel.EventLoop;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Runs tasks on one event loop, at once for who is there already. What was handed over runs even if its worker was
 * disposed of meanwhile: the last task of a cancelled stream is the one that gives its memory back.
 */
final class EventLoopScheduler implements Scheduler {

    private final EventLoop loop;

    EventLoopScheduler(EventLoop loop) {
        this.loop = loop;
    }

    /** @throws java.util.concurrent.RejectedExecutionException if the loop has ended */
    @Override
    public Disposable schedule(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
        return Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return EventLoopScheduler.this.schedule(task);
            }

            @Override
            public void dispose() {}
        };
    }
}
