package dev.sluice.gateway.proxy;

import dev.sluice.gateway.connection.Exchange;
import dev.sluice.gateway.proxy.Watch.Phase;
import dev.sluice.gateway.relay.EndToEndHeaders;
import dev.sluice.platform.web.SecurityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Sends one request to one target and its answer back, streaming both ways at the pace of the slower side. */
final class PlainExchange implements Exchange {

    /** An upstream that does not know 100-continue waits for the body; RFC 9110, section 10.1.1, lets us go ahead. */
    private static final Duration EXPECT_PATIENCE = Duration.ofSeconds(1);

    private static final int SWITCHING_PROTOCOLS = 101;

    private final ProxiedRequest request;
    private final Attempt attempt;
    private Sinks.@Nullable Empty<Void> asked;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;

    PlainExchange(ProxiedRequest request, Attempt attempt) {
        this.request = request;
        this.attempt = attempt;
    }

    Mono<Void> run() {
        return attempt.target().connections().call(request.connection().channel(), this);
    }

    @Override
    public HttpRequest head() {
        HttpHeaders headers = new DefaultHttpHeaders();
        request.writeHeaders(headers, attempt.target());
        request.writeFraming(headers);
        request.tap().request(headers);
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), request.path(), headers);
    }

    @Override
    public @Nullable Publisher<ByteBuf> body() {
        if (!request.body().exists()) {
            attempt.watch().enter(Phase.ANSWER);
            return null;
        }
        Flux<ByteBuf> body = Flux.defer(() -> {
            attempt.watch().enter(Phase.REQUEST_BODY);
            return request.body()
                    .content()
                    .doOnNext(piece -> attempt.moved())
                    .doOnComplete(() -> attempt.watch().enter(Phase.ANSWER));
        });
        return request.expectsContinue() ? whenAskedFor(body) : body;
    }

    @Override
    public boolean isRepeatable() {
        return RepeatRule.isIdempotent(request.method()) && !request.body().exists();
    }

    private Flux<ByteBuf> whenAskedFor(Flux<ByteBuf> body) {
        attempt.watch().enter(Phase.ANSWER);
        Sinks.Empty<Void> sink = Sinks.empty();
        asked = sink;
        return sink.asMono().timeout(EXPECT_PATIENCE, Mono.empty()).thenMany(body);
    }

    @Override
    public void asked() {
        Sinks.Empty<Void> sink = asked;
        if (sink != null) {
            sink.tryEmitEmpty();
        }
    }

    @Override
    public void interim(HttpResponse head) {
        if (request.audience() == Audience.CALLER) {
            new InterimRelay(request).pass(head);
        }
    }

    @Override
    public Publisher<Void> relay(HttpResponse from, Flux<ByteBuf> body) {
        int status = from.status().code();
        if (status == SWITCHING_PROTOCOLS) {
            return Mono.error(new UpstreamException(UpstreamFault.INVALID_ANSWER));
        }
        attempt.answered(status);
        if (isToBeRepeated(status)) {
            return Mono.error(new UpstreamException(UpstreamFault.FAILING_STATUS));
        }
        attempt.watch().enter(Phase.ANSWER_BODY);
        HttpHeaders headers = from.headers();
        UpstreamHeaders.edit(request.route().responseHeaders(), headers);
        Flux<ByteBuf> pieces = body.doOnNext(piece -> attempt.moved());
        Publisher<Void> taken = request.tap().take(status, headers, pieces);
        if (taken != null) {
            return taken;
        }
        SecurityHeaders.leaveTo(request.exchange());
        request.answer().head(status, headers);
        request.answer().add("Via", UpstreamHeaders.VIA);
        request.answer().add("Server-Timing", attempt.timing());
        announceTrailers(headers);
        return request.answer().body(request.tap().pass(request.answer(), pieces));
    }

    @Override
    public void trailers(HttpHeaders sent) {
        trailers = sent;
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

    private void announceTrailers(HttpHeaders headers) {
        String announced = headers.get(HttpHeaderNames.TRAILER);
        if (!request.takesTrailers() || announced == null) {
            return;
        }
        request.answer().add("Trailer", announced);
        request.rawAnswer()
                .trailerHeaders(written -> EndToEndHeaders.copyAnswer(trailers, (name, value) -> {
                    if (UpstreamHeaders.mayTrail(name)) {
                        written.add(name, value);
                    }
                }));
    }
}
