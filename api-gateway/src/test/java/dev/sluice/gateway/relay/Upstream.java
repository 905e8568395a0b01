package dev.sluice.gateway.relay;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A service behind the gateway that remembers what it was asked and answers as a test says. */
public final class Upstream {

    /** One request as it arrived. */
    public record Seen(String method, String uri, HttpHeaders headers, String body) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger gone = new AtomicInteger();
    /** Of its own: those that all share end with the Spring context that is closed next. */
    private final LoopResources loops = LoopResources.create("upstream", 2, /* daemon= */ true);

    private final DisposableServer server;
    private volatile BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> behaviour = Upstream::ok;

    public Upstream() {
        server = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .port(0)
                .httpRequestDecoder(decoder -> decoder.maxInitialLineLength(64 * 1024))
                .handle(this::answer)
                .bindNow();
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Begins anew: nothing seen, everything answered 200. */
    public void reset() {
        seen.clear();
        gone.set(0);
        behaviour = Upstream::ok;
    }

    /** What happens with a request once its body is read. */
    public void answers(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> how) {
        behaviour = how;
    }

    public List<Seen> seen() {
        return seen;
    }

    public Seen only() {
        if (seen.size() != 1) {
            throw new AssertionError("expected one request, saw " + seen);
        }
        return seen.getFirst();
    }

    /** How many requests lost their connection before they were answered. */
    public int gone() {
        return gone.get();
    }

    public void stop() {
        server.disposeNow();
        loops.dispose();
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        HttpHeaders headers = new DefaultHttpHeaders().set(request.requestHeaders());
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.ISO_8859_1)
                .defaultIfEmpty("")
                .flatMap(body -> {
                    seen.add(new Seen(request.method().name(), request.uri(), headers, body));
                    return Mono.from(behaviour.apply(request, response));
                })
                .doOnCancel(gone::incrementAndGet);
    }

    private static Publisher<Void> ok(HttpServerRequest request, HttpServerResponse response) {
        return response.sendString(Mono.just("ok"));
    }
}
