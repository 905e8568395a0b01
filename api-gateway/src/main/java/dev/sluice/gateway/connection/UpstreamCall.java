package dev.sluice.gateway.connection;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** One exchange with an upstream; it begins when somebody subscribes. */
final class UpstreamCall extends Mono<Void> {

    private final LoopConnections connections;
    private final Exchange exchange;

    UpstreamCall(LoopConnections connections, Exchange exchange) {
        this.connections = connections;
        this.exchange = exchange;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> reader) {
        RunningCall call = new RunningCall(connections, exchange, reader);
        reader.onSubscribe(call);
        call.onLoop(call::begin);
    }
}
