package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.route.Route;
import io.netty.handler.codec.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** A caller's request, which the route's upstream can be asked. */
public interface OriginCall {

    ServerWebExchange exchange();

    Route route();

    /** Of the route. */
    ResponseMeters meters();

    String method();

    /** {@code http} or {@code https}, of the caller's connection. */
    String scheme();

    String host();

    /** Path and query as the caller sent them. */
    String target();

    boolean hasBody();

    HttpHeaders callerHeaders();

    /** What an upstream gets, but for the connection's own. */
    HttpHeaders upstreamHeaders();

    /** How the gateway names itself in Via. */
    String via();

    /** The store is looked into for an answer. */
    void lookedIntoStore();

    /** The store has the answer, which the caller gets without a word to the upstream. */
    void answeredFromStore();

    /** Asks the upstream and passes its answer to the caller, unless the tap takes it over. */
    Mono<Void> pass(AnswerTap tap);

    /** Asks the upstream without a caller who waits; the tap has to take the answer over. */
    Mono<Void> passUnseen(AnswerTap tap);
}
