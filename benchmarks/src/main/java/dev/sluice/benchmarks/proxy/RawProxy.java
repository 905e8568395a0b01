package dev.sluice.benchmarks.proxy;

import org.reactivestreams.Publisher;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * The least that a proxy on Reactor Netty does: it passes method, target, headers and bodies on, both ways, and knows
 * nothing of keys, limits, hop-by-hop headers, timeouts or failures.
 */
final class RawProxy {

    private static final int CONNECTIONS = 512;

    private final HttpClient client;

    private RawProxy(String upstream) {
        this.client = HttpClient.create(ConnectionProvider.builder("raw")
                        .maxConnections(CONNECTIONS)
                        .lifo()
                        .build())
                .baseUrl(upstream);
    }

    /** The arguments are the port and the upstream's URL. */
    public static void main(String[] arguments) {
        RawProxy proxy = new RawProxy(arguments[1]);
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .handle(proxy::pass)
                .bindNow()
                .onDispose()
                .block();
    }

    private Publisher<Void> pass(HttpServerRequest request, HttpServerResponse response) {
        return client.headers(headers -> headers.set(request.requestHeaders()))
                .request(request.method())
                .uri(request.uri())
                .send(request.receive().retain())
                .response((answer, body) -> {
                    response.status(answer.status()).headers(answer.responseHeaders());
                    return response.send(body.retain());
                });
    }
}
