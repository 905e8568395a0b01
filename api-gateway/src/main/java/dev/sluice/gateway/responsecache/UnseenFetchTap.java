package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.responsecache.Flights.Flight;
import dev.sluice.gateway.responsecache.Library.Found;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Brings a stored answer up to date while its caller has been served already (RFC 5861, section 3). Used once. */
final class UnseenFetchTap extends FetchTap {

    UnseenFetchTap(ResponseCache cache, Visit visit, Found found, Flight flight) {
        super(cache, visit, found, flight);
    }

    @Override
    public Publisher<Void> take(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        Publisher<Void> taken = super.take(status, headers, body);
        return taken == null ? drained(copied(body)) : taken;
    }

    @Override
    Mono<Void> inPlaceOfFailure(StoredAnswer stored) {
        return Mono.empty();
    }

    @Override
    Mono<Void> serveValidated(StoredAnswer fresh) {
        return Mono.empty();
    }

    @Override
    Mono<Void> fetchAnew() {
        return Mono.empty();
    }
}
