package dev.sluice.benchmarks.webhook;

import io.netty.handler.codec.http.HttpHeaders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;

/** A client that does nothing but post the same signed request to each of some URLs, so many at once, as often as it is told to. */
final class PlainLoop {

    private static final long MILLIS = 1_000;

    private PlainLoop() {}

    /**
     * The arguments are how many at once, webhook-id, webhook-timestamp, the body, and for each URL itself and its webhook-signature. How often,
     * and how often a second or 0, is read from the standard input, a line each; each is answered with a line when it is done.
     */
    public static void main(String[] arguments) throws IOException {
        int atOnce = Integer.parseInt(arguments[0]);
        byte[] body = arguments[3].getBytes(StandardCharsets.UTF_8);
        List<String> targets = List.of(arguments).subList(4, arguments.length);
        HttpClient http = Tls.of(HttpClient.create());
        PrintStream out = new PrintStream("/dev/stdout", StandardCharsets.US_ASCII);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] asked = line.split(" ", 2);
            paced(Integer.parseInt(asked[0]), Integer.parseInt(asked[1]))
                    .flatMap(
                            number -> {
                                int at = 2 * (number % (targets.size() / 2));
                                return http.headers(headers -> write(headers, arguments, targets.get(at + 1), body))
                                        .post()
                                        .uri(targets.get(at))
                                        .send(ByteBufMono.fromString(Mono.just(arguments[3])))
                                        .responseSingle((response, content) -> content.asByteArray()
                                                .then(Mono.just(
                                                        response.status().code())));
                            },
                            atOnce)
                    .filter(status -> status != 204)
                    .doOnNext(status -> {
                        throw new IllegalStateException("answered with " + status);
                    })
                    .blockLast();
            out.println();
            out.flush();
        }
    }

    /** Numbers from 0, as fast as they are wanted or so many a second, some each millisecond. */
    private static Flux<Integer> paced(int count, int perSecond) {
        if (perSecond == 0) {
            return Flux.range(0, count);
        }
        return Flux.interval(Duration.ofMillis(1))
                .onBackpressureBuffer()
                .concatMap(tick -> {
                    int from = (int) (tick * perSecond / MILLIS);
                    int to = (int) ((tick + 1) * perSecond / MILLIS);
                    return Flux.range(from, to - from);
                })
                .take(count);
    }

    private static void write(HttpHeaders headers, String[] arguments, String signature, byte[] body) {
        headers.set("content-type", "application/json")
                .set("content-length", body.length)
                .set("webhook-id", arguments[1])
                .set("webhook-timestamp", arguments[2])
                .set("webhook-signature", signature);
    }
}
