package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * Passes a request that may change something, and removes what is stored of it when it did (RFC 9111, section 4.4; RFC
 * 9875, section 3). Used by one request.
 */
final class ChangeTap implements AnswerTap {

    private final ResponseCache cache;
    private final Visit visit;
    private @Nullable BodyCopy copy;

    ChangeTap(ResponseCache cache, Visit visit) {
        this.cache = cache;
        this.visit = visit;
    }

    @Override
    public @Nullable Publisher<Void> take(int status, HttpHeaders headers, Flux<ByteBuf> body) {
        copy = null;
        if (status < 200 || status >= 400) {
            return null;
        }
        Fields fields = Fields.of(headers);
        // Often it names itself.
        Set<String> changed = new LinkedHashSet<>(List.of(visit.key().target()));
        changed.addAll(targets(fields, "Location"));
        changed.addAll(targets(fields, "Content-Location"));
        changed.forEach(target -> cache.library().remove(visit.key().withTarget(target)));
        CacheGroups.of(fields.all(CacheGroups.INVALIDATION_FIELD))
                .forEach(group -> cache.library().removeGroup(visit.key(), group));
        keepAsRead(status, fields);
        return null;
    }

    @Override
    public Flux<ByteBuf> pass(RelayedAnswer answer, Flux<ByteBuf> body) {
        visit.meters().count(Outcome.BYPASS);
        BodyCopy copying = copy;
        answer.add(CacheStatus.FIELD, CacheStatus.forwarded("method", copying != null));
        return copying == null ? body : copying.of(body);
    }

    /** An answer that says to be the one to GET, and for how long (RFC 9110, section 9.3.3). */
    private void keepAsRead(int status, Fields fields) {
        boolean says = visit.call().method().equals("POST")
                && status == 200
                && targets(fields, "Content-Location").contains(visit.key().target());
        // Later than the removal, so that it is not taken for what was asked for before.
        long askedMillis = cache.now() + 1;
        boolean explicit = Freshness.of(status, fields, askedMillis, askedMillis, visit.policy())
                .explicit();
        if (says && explicit && cache.shelf().wants(visit, status, fields, askedMillis)) {
            copy = cache.shelf()
                    .copy(
                            visit,
                            OptionalLong.empty(),
                            bytes -> {
                                Landing ignored = cache.shelf()
                                        .keep(visit, status, fields, askedMillis, bytes, /* before= */ null);
                            },
                            broken -> {});
        }
    }

    /** The path and query that a header leads to, when it stays at the same origin. */
    private List<String> targets(Fields fields, String name) {
        return fields.first(name).flatMap(this::targetOf).stream().toList();
    }

    private Optional<String> targetOf(String reference) {
        try {
            URI here = URI.create(visit.key().origin() + visit.key().target());
            URI there = here.resolve(reference.strip());
            String origin = there.getScheme() + "://" + there.getRawAuthority();
            if (!origin.toLowerCase(Locale.ROOT).equals(visit.key().origin())) {
                return Optional.empty();
            }
            String path = there.getRawPath() == null || there.getRawPath().isEmpty() ? "/" : there.getRawPath();
            return Optional.of(there.getRawQuery() == null ? path : path + "?" + there.getRawQuery());
        } catch (IllegalArgumentException e) {
            // No URI; whatever it is, it names nothing that is stored.
            return Optional.empty();
        }
    }
}
