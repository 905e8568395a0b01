package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.Watch.Phase;
import dev.sluice.gateway.relay.EndToEndHeaders;
import dev.sluice.platform.web.SecurityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/** Sends one request to one target and its answer back, streaming both ways at the pace of the slower side. */
final class PlainExchange {

    /** An upstream that does not know 100-continue waits for the body; RFC 9110, section 10.1.1, lets us go ahead. */
    private static final Duration EXPECT_PATIENCE = Duration.ofSeconds(1);

    private static final int SWITCHING_PROTOCOLS = 101;

    private final ProxiedRequest request;
    private final Attempt attempt;

    PlainExchange(ProxiedRequest request, Attempt attempt) {
        this.request = request;
        this.attempt = attempt;
    }

    Mono<Void> run() {
        return attempt.client()
                .request(request.method())
                .uri(attempt.target().uriOf(request.path()))
                .send(this::send)
                .response(this::relay)
                .then();
    }

    private Publisher<Void> send(HttpClientRequest to, NettyOutbound out) {
        HttpHeaders headers = to.requestHeaders().clear();
        request.writeHeaders(headers, attempt.target());
        request.writeFraming(headers);
        if (!request.body().exists()) {
            attempt.watch().enter(Phase.ANSWER);
            return Mono.empty();
        }
        Flux<ByteBuf> body = Flux.defer(() -> {
            attempt.watch().enter(Phase.REQUEST_BODY);
            return request.body()
                    .pieces()
                    .doOnNext(attempt::moved)
                    .doOnComplete(() -> attempt.watch().enter(Phase.ANSWER));
        });
        // Not send: it gathers the whole body of a GET, HEAD or DELETE.
        return out.sendObject(request.expectsContinue() ? whenAskedFor(body, out) : body);
    }

    private Flux<ByteBuf> whenAskedFor(Flux<ByteBuf> body, NettyOutbound out) {
        attempt.watch().enter(Phase.ANSWER);
        Sinks.Empty<Void> asked = Sinks.empty();
        out.withConnection(connection ->
                connection.channel().attr(InterimAnswers.ON_CONTINUE).set(asked::tryEmitEmpty));
        return asked.asMono().timeout(EXPECT_PATIENCE, Mono.empty()).thenMany(body);
    }

    private Publisher<Void> relay(HttpClientResponse from, ByteBufFlux pieces) {
        int status = from.status().code();
        if (status == SWITCHING_PROTOCOLS) {
            return Mono.error(new UpstreamException(UpstreamFault.INVALID_ANSWER));
        }
        attempt.answered(status);
        if (isToBeRepeated(status)) {
            return Mono.error(new UpstreamException(UpstreamFault.FAILING_STATUS));
        }
        attempt.watch().enter(Phase.ANSWER_BODY);
        HttpHeaders headers = from.responseHeaders();
        UpstreamHeaders.edit(request.route().responseHeaders(), headers);
        SecurityHeaders.leaveTo(request.exchange());
        request.answer().head(status, headers);
        request.answer().add("Via", UpstreamHeaders.VIA);
        request.answer().add("Server-Timing", attempt.timing());
        passTrailers(from);
        return request.answer().body(pieces.retain().doOnNext(attempt::moved));
    }

    private boolean isToBeRepeated(int status) {
        RepeatRule rule = attempt.upstream().repeat();
        return rule.isFailing(status)
                && rule.allows(
                        UpstreamFault.FAILING_STATUS,
                        attempt.number(),
                        request.method(),
                        request.body().isTaken());
    }

    private void passTrailers(HttpClientResponse from) {
        String announced = from.responseHeaders().get(HttpHeaderNames.TRAILER);
        if (!request.takesTrailers() || announced == null) {
            return;
        }
        request.answer().add("Trailer", announced);
        HttpHeaders trailers = new DefaultHttpHeaders();
        from.trailerHeaders().subscribe(trailers::add);
        request.rawAnswer()
                .trailerHeaders(written -> EndToEndHeaders.copyAnswer(trailers, (name, value) -> {
                    if (UpstreamHeaders.mayTrail(name)) {
                        written.add(name, value);
                    }
                }));
    }
}
