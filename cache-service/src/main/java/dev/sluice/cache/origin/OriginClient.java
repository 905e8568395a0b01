package dev.sluice.cache.origin;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.origin.OriginException.Kind;
import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.platform.web.caching.Directives;
import dev.sluice.platform.web.egress.BlockedAddressException;
import dev.sluice.platform.web.egress.EgressClients;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Asks origins for values. Connects only where the rules allow, follows nothing, repeats nothing that was sent, and reads no more than
 * a value may have. Thread-safe; never blocks.
 */
public final class OriginClient implements AutoCloseable {

    private static final String USER_AGENT = "Sluice-Cache/1";
    private static final int UNCHANGED = 304;
    private static final int MAX_CONTENT_TYPE_LENGTH = 255;
    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?\"[\\x21\\x23-\\x7e]*+\"");

    private final UrlRules rules;
    private final OriginHeaders headers;
    private final EgressClients clients;

    OriginClient(UrlRules rules, OriginHeaders headers, EgressClients clients) {
        this.rules = rules;
        this.headers = headers;
        this.clients = clients;
    }

    /**
     * Fails with {@link OriginException}.
     *
     * @param validator of the value that is there already, as the origin gave it; empty for none. Only with one the answer may be
     *     {@link OriginAnswer.Unchanged}
     */
    public Mono<OriginAnswer> fetch(Origin origin, String key, long maxBytes, String validator) {
        return Mono.defer(() -> ask(
                        origin,
                        UrlTemplate.urlOf(origin.url(), key)
                                .orElseThrow(() -> noValue("The origin has no address for this key.")),
                        maxBytes,
                        validator))
                .onErrorMap(OriginClient::describe);
    }

    /**
     * A document that is no value. Fails with {@link OriginException}, also when there is none.
     *
     * @param url at the place of the origin
     */
    public Mono<OriginAnswer.Value> fetchDocument(Origin origin, String url, long maxBytes) {
        return Mono.defer(() -> ask(origin, url, maxBytes, ""))
                .map(OriginClient::document)
                .onErrorMap(OriginClient::describe);
    }

    private static OriginAnswer.Value document(OriginAnswer answer) {
        return switch (answer) {
            case OriginAnswer.Value value -> value;
            case OriginAnswer.Unkept value -> new OriginAnswer.Value(value.value(), value.directives(), value.age());
            case OriginAnswer.Unchanged _, OriginAnswer.Absent _ ->
                throw noValue("The origin has nothing under the URL.");
        };
    }

    private Mono<OriginAnswer> ask(Origin origin, String address, long maxBytes, String validator) {
        String url = rules.normalise(address);
        Map<String, String> added = headers.open(origin);
        HttpClient client = clients.of(url)
                .responseTimeout(origin.patience().hard())
                .headers(all -> {
                    added.forEach(all::set);
                    all.set(HttpHeaderNames.USER_AGENT, USER_AGENT);
                    all.set(HttpHeaderNames.ACCEPT, MediaType.ALL_VALUE);
                    if (!validator.isEmpty()) {
                        all.set(HttpHeaderNames.IF_NONE_MATCH, validator);
                    }
                });
        Mono<OriginAnswer> once = client.get()
                .uri(url)
                .response((response, content) ->
                        read(response, content, maxBytes, !validator.isEmpty()).flux())
                .single();
        // The pool of a host that was asked for nothing may be thrown away at that moment.
        return once.onErrorResume(EgressClients::isUnsent, unsent -> once);
    }

    private static Mono<OriginAnswer> read(
            HttpClientResponse response, ByteBufFlux content, long maxBytes, boolean conditional) {
        HttpHeaders headers = response.responseHeaders();
        Directives directives = Directives.parse(headers.getAll(HttpHeaderNames.CACHE_CONTROL));
        Duration age = Duration.ofSeconds(Math.max(0, Directives.numberOf(headers.get(HttpHeaderNames.AGE, "0"))));
        int status = response.status().code();
        if (status == UNCHANGED && conditional) {
            return Mono.just(unchanged(headers, directives, age));
        }
        return switch (status) {
            case 200 -> body(headers, content, maxBytes).map(bytes -> value(bytes, headers, directives, age));
            case 404, 410 -> Mono.just(new OriginAnswer.Absent(directives, age));
            default ->
                Mono.error(new OriginException(
                        Kind.NO_VALUE,
                        "The origin answered " + status + "; a value is a 200, that there is none a 404 or 410.",
                        status));
        };
    }

    private static OriginAnswer value(byte[] bytes, HttpHeaders headers, Directives directives, Duration age) {
        CacheValue value = CacheValue.of(bytes, contentTypeOf(headers));
        return OriginTags.of(headers)
                .<OriginAnswer>map(tags -> new OriginAnswer.Value(
                        value.withTags(tags).withValidator(validatorOf(headers)), directives, age))
                .orElseGet(() -> new OriginAnswer.Unkept(value, directives, age));
    }

    private static OriginAnswer unchanged(HttpHeaders headers, Directives directives, Duration age) {
        if (!OriginTags.isIn(headers)) {
            return new OriginAnswer.Unchanged(Optional.empty(), directives, age);
        }
        List<String> tags = OriginTags.of(headers)
                .orElseThrow(() -> noValue("The origin gave the value tags that cannot be kept, and no value."));
        return new OriginAnswer.Unchanged(Optional.of(tags), directives, age);
    }

    /** The entity tag as it stands; empty for what is none (RFC 9110, section 8.8.3), or none that can be kept. */
    private static String validatorOf(HttpHeaders headers) {
        String tag = headers.get(HttpHeaderNames.ETAG, "");
        return tag.length() <= CacheValue.MAX_VALIDATOR_LENGTH
                        && ENTITY_TAG.matcher(tag).matches()
                ? tag
                : "";
    }

    private static Mono<byte[]> body(HttpHeaders headers, ByteBufFlux content, long maxBytes) {
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            return Mono.error(noValue("The origin packed its answer, which nobody asked for."));
        }
        if (Directives.numberOf(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0")) > maxBytes) {
            return Mono.error(tooLarge(maxBytes));
        }
        return content.collect(ByteArrayOutputStream::new, (bytes, part) -> append(bytes, part, maxBytes))
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static void append(ByteArrayOutputStream bytes, ByteBuf part, long maxBytes) {
        if (bytes.size() + part.readableBytes() > maxBytes) {
            throw tooLarge(maxBytes);
        }
        byte[] copy = new byte[part.readableBytes()];
        part.getBytes(part.readerIndex(), copy);
        bytes.writeBytes(copy);
    }

    private static String contentTypeOf(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        try {
            boolean fits = type.length() <= MAX_CONTENT_TYPE_LENGTH
                    && MediaType.parseMediaType(type).isConcrete()
                    && type.chars().allMatch(c -> c >= ' ' && c <= '~');
            return fits ? type : MediaType.APPLICATION_OCTET_STREAM_VALUE;
        } catch (InvalidMediaTypeException _) {
            return MediaType.APPLICATION_OCTET_STREAM_VALUE;
        }
    }

    /** Says nothing of the network that the tenant does not know. */
    private static Throwable describe(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case OriginException known -> {
                    return known;
                }
                case BlockedAddressException _ -> {
                    return noValue("The origin's name leads to an address that is not public.");
                }
                case RefusedUrlException refused -> {
                    return noValue("The origin's URL " + refused.getMessage() + ".");
                }
                case UnopenableSecretException _ -> {
                    return noValue("The headers for the origin cannot be opened any more; lay them down again.");
                }
                case UnknownHostException _ -> {
                    return noValue("The origin's name is not known.");
                }
                case TimeoutException _ -> {
                    return OriginException.tooSlow();
                }
                case io.netty.handler.timeout.TimeoutException _ -> {
                    return OriginException.tooSlow();
                }
                case io.netty.channel.ConnectTimeoutException _ -> {
                    return OriginException.tooSlow();
                }
                default -> {
                    // What it was caused by may say more.
                }
            }
        }
        return noValue("The origin could not be reached, or broke off its answer.");
    }

    private static OriginException noValue(String message) {
        return new OriginException(Kind.NO_VALUE, message);
    }

    private static OriginException tooLarge(long maxBytes) {
        return noValue("The origin's answer has more than the " + maxBytes + " bytes that a value may have.");
    }

    @Override
    public void close() {
        clients.close();
    }
}
