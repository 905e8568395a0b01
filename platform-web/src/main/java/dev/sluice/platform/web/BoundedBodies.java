package dev.sluice.platform.web;

import java.time.Duration;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Reads request bodies whole: each up to a size, and all that are being handled together up to a budget, so that many
 * large requests at once cannot take all memory. Thread-safe; never waits.
 */
public final class BoundedBodies {

    private final ByteBudget budget;
    private final int maxBytes;
    private final Duration timeout;
    private final String remedy;

    /**
     * Bodies of one kind.
     *
     * @param timeout how long one may take to come; its room is held meanwhile
     * @param remedy what to do with more than {@code maxBytes}, such as "put larger content elsewhere"
     */
    public BoundedBodies(ByteBudget budget, int maxBytes, Duration timeout, String remedy) {
        this.budget = budget;
        this.maxBytes = maxBytes;
        this.timeout = timeout;
        this.remedy = remedy;
    }

    /**
     * Gives a body, empty when there is none, to its handler, and holds room for it until the handler is done. Fails with
     * a problem: too_large, request_timeout, or temporary_reduced_capacity when there is no room now.
     */
    public <T> Mono<T> read(ServerHttpRequest request, Function<byte[], Mono<T>> handler) {
        long announced = announcedBytes(request.getHeaders());
        if (announced > maxBytes) {
            return Mono.error(tooLarge());
        }
        if (!budget.tryReserve(announced)) {
            return Mono.error(overloaded());
        }
        return DataBufferUtils.join(request.getBody(), maxBytes)
                .timeout(timeout, Mono.error(this::tooSlow))
                .map(BoundedBodies::bytes)
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge())
                .defaultIfEmpty(new byte[0])
                .flatMap(handler)
                .doFinally(signal -> budget.release(announced));
    }

    /** What a request may come to hold in memory; a chunked one may hold as much as any. */
    private long announcedBytes(HttpHeaders headers) {
        long length = headers.getContentLength();
        return length < 0 ? maxBytes : length;
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private ProblemException tooLarge() {
        return ProblemException.ofField(
                        ProblemType.TOO_LARGE, "body", "Send at most " + maxBytes + " bytes; " + remedy + ".")
                .withHeader(HttpHeaders.CONNECTION, "close");
    }

    private ProblemException tooSlow() {
        return new ProblemException(
                        ProblemType.REQUEST_TIMEOUT,
                        "Send the whole body within " + timeout.toSeconds() + " s, or a smaller one.")
                .withHeader(HttpHeaders.CONNECTION, "close");
    }

    private static ProblemException overloaded() {
        return new ProblemException(
                        ProblemType.REDUCED_CAPACITY,
                        "Too much is being handled just now, and this request was not taken. Send it again later.")
                .withHeader(HttpHeaders.RETRY_AFTER, "1");
    }
}
