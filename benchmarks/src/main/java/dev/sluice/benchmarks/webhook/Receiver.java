package dev.sluice.benchmarks.webhook;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Receives webhooks on several addresses of this machine, which senders take for several hosts. */
final class Receiver implements AutoCloseable {

    private static final byte[] NOTHING = {};

    private final int port;
    private final List<DisposableServer> servers;
    private final List<Hook> hooks = new CopyOnWriteArrayList<>();

    Receiver(int port, int hosts) {
        this.port = port;
        servers = IntStream.rangeClosed(1, hosts)
                .mapToObj(host -> Tls.of(HttpServer.create())
                        .host("127.0.0." + host)
                        .port(port)
                        .handle(this::handle)
                        .bindNow())
                .toList();
    }

    /** More of them, one host after the other. */
    List<Hook> newHooks(int count, int events) {
        int from = hooks.size();
        List<Hook> made = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            made.add(new Hook(
                    "%s://127.0.0.%d:%d/%d".formatted(Tls.scheme(), 1 + i % servers.size(), port, i), events));
        }
        hooks.addAll(made);
        return made;
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        Hook hook = hooks.get(Integer.parseInt(request.path()));
        HttpHeaders headers = request.requestHeaders();
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(NOTHING)
                .flatMap(body -> {
                    if (hook.hangs()) {
                        return Mono.never();
                    }
                    int status = hook.answer(
                            headers.get("webhook-id", ""),
                            headers.get("webhook-timestamp", ""),
                            headers.get("webhook-signature", ""),
                            body);
                    return response.status(status)
                            .header("content-length", "0")
                            .send()
                            .then();
                });
    }

    @Override
    public void close() {
        servers.forEach(DisposableServer::disposeNow);
    }
}
