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
    static final int TAKEN = 204;

    /** Posts so many times, as fast as may be or so many a second; returns when all were answered. */
    interface Posting {

        /**
         * So many requests.
         *
         * @param perSecond 0 for as fast as may be
         */
        void run(int count, int perSecond);
    }

    /**
     * What is posted, and where to.
     *
     * @param targets for each URL itself and its webhook-signature
     */
    record Request(int atOnce, String id, String timestamp, String body, List<String> targets) {

        String url(int number) {
            return targets.get(2 * (number % (targets.size() / 2)));
        }

        String signature(int number) {
            return targets.get(2 * (number % (targets.size() / 2)) + 1);
        }
    }

    private PlainLoop() {}

    /**
     * The arguments are by what it posts, how many at once, webhook-id, webhook-timestamp, the body, and for each URL itself and its
     * webhook-signature. How often, and how often a second or 0, is read from the standard input, a line each; each is answered with a line when
     * it is done.
     */
    public static void main(String[] arguments) throws IOException {
        Request request = new Request(
                Integer.parseInt(arguments[1]),
                arguments[2],
                arguments[3],
                arguments[4],
                List.of(arguments).subList(5, arguments.length));
        Posting posting = switch (arguments[0]) {
            case "netty" -> withNetty(request);
            case "jdk" -> new JdkLoop(request);
            default -> throw new IllegalArgumentException("there is no client called " + arguments[0]);
        };
        PrintStream out = new PrintStream("/dev/stdout", StandardCharsets.US_ASCII);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] asked = line.split(" ", 2);
            posting.run(Integer.parseInt(asked[0]), Integer.parseInt(asked[1]));
            out.println();
            out.flush();
        }
    }

    /** The library that the dispatcher has. */
    private static Posting withNetty(Request request) {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        HttpClient http = Tls.of(HttpClient.create());
        return (count, perSecond) -> paced(count, perSecond)
                .flatMap(
                        number -> http.headers(headers -> write(headers, request, request.signature(number), body))
                                .post()
                                .uri(request.url(number))
                                .send(ByteBufMono.fromString(Mono.just(request.body())))
                                .responseSingle((response, content) -> content.asByteArray()
                                        .then(Mono.just(response.status().code()))),
                        request.atOnce())
                .filter(status -> status != TAKEN)
                .doOnNext(status -> {
                    throw new IllegalStateException("answered with " + status);
                })
                .blockLast();
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

    private static void write(HttpHeaders headers, Request request, String signature, byte[] body) {
        headers.set("content-type", "application/json")
                .set("content-length", body.length)
                .set("webhook-id", request.id())
                .set("webhook-timestamp", request.timestamp())
                .set("webhook-signature", signature);
    }
}
