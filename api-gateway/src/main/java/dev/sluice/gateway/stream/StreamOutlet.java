package dev.sluice.gateway.stream;

import java.util.List;
import reactor.core.publisher.Mono;

/** The way to one client. Each Mono completes when what it writes has left for the network; one at a time. */
interface StreamOutlet {

    /** Answers the request. {@code id} names where the stream begins. */
    Mono<Void> open(String id);

    Mono<Void> send(List<StreamItem> items);

    /** Shows that the stream is alive. */
    Mono<Void> beat();

    /** Tells the client why no more comes. */
    Mono<Void> end(CloseReason reason);

    /** Ends the connection without a word, for a client that does not read. */
    void cut();
}
