package dev.sluice.cache.warm;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.namespace.NamespaceTable;
import dev.sluice.cache.namespace.ReadThrough;
import dev.sluice.cache.origin.OriginClient;
import dev.sluice.cache.origin.OriginException;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Where keys come from, and how the value of one is taken in. Thread-safe; never blocks. */
final class WarmSource {

    private static final int MAX_DOCUMENT_BYTES = 1024 * 1024;

    private final NamespaceTable namespaces;
    private final ReadThrough reads;
    private final OriginClient client;
    private final HotKeysListener hotKeys;
    private final StrictJson json;

    WarmSource(
            NamespaceTable namespaces,
            ReadThrough reads,
            OriginClient client,
            HotKeysListener hotKeys,
            StrictJson json) {
        this.namespaces = namespaces;
        this.reads = reads;
        this.client = client;
        this.hotKeys = hotKeys;
        this.json = json;
    }

    /** The keys of a job, at most as many as it takes. Fails with {@link OriginException} or {@link ProblemException}. */
    Mono<List<String>> keys(String tenant, WarmPlan plan) {
        return plan.keys().map(Mono::just).orElseGet(() -> switch (plan.strategy()) {
            case LIST -> Mono.just(List.of());
            case ORIGIN -> listed(tenant, plan);
            case LOG -> hotKeys.find(tenant, plan.namespace(), plan.limit());
        });
    }

    Mono<Warmed> warm(CacheKey key) {
        return reads.fill(key)
                .map(WarmSource::outcome)
                .onErrorResume(
                        OriginException.class,
                        failure -> Mono.just(new Warmed.Failed(codeOf(failure), String.valueOf(failure.getMessage()))));
    }

    private static Warmed outcome(ReadResult result) {
        return switch (result.outcome()) {
            case L1_HIT, NEGATIVE -> new Warmed.Skipped();
            case L2_HIT, STALE -> new Warmed.Done();
            case MISS -> result.entry().isPresent() ? new Warmed.Done() : new Warmed.Skipped();
            case ERROR ->
                new Warmed.Failed(
                        ProblemType.UNAVAILABLE.code(), "The shared cache is away; warm again when it is back.");
        };
    }

    private static String codeOf(OriginException failure) {
        return switch (failure.kind()) {
            case TOO_SLOW -> ProblemType.GATEWAY_TIMEOUT.code();
            case NO_VALUE -> ProblemType.BAD_GATEWAY.code();
        };
    }

    private Mono<List<String>> listed(String tenant, WarmPlan plan) {
        return Mono.justOrEmpty(namespaces.rulesOf(tenant, plan.namespace()).origin())
                .switchIfEmpty(Mono.error(() -> refused("The namespace has no origin any more; lay one down.")))
                .flatMap(origin -> client.fetchDocument(origin, plan.url(), MAX_DOCUMENT_BYTES))
                .map(document -> keysOf(document.value(), plan.limit()));
    }

    /** A JSON array of texts, or one key a line. */
    private List<String> keysOf(CacheValue document, int limit) {
        Stream<String> texts =
                document.contentType().contains("json") ? ofArray(document.bytes()) : ofLines(document.bytes());
        List<String> keys =
                texts.filter(KeyRules::isKey).distinct().limit(limit).toList();
        if (WarmRequest.bytes(keys) > WarmRequest.MAX_KEY_BYTES) {
            throw refused("The origin's keys have more than " + WarmRequest.MAX_KEY_BYTES
                    + " bytes together; ask for fewer with a limit.");
        }
        return keys;
    }

    private Stream<String> ofArray(byte[] document) {
        JsonNode tree;
        try {
            tree = json.readTree(document);
        } catch (ProblemException e) {
            throw refused("The origin's list of keys is no JSON: " + e.detail());
        }
        if (!tree.isArray()) {
            throw refused("The origin's list of keys has to be a JSON array of texts, or one key a line.");
        }
        return StreamSupport.stream(tree.spliterator(), false)
                .filter(JsonNode::isString)
                .map(JsonNode::asString);
    }

    private static Stream<String> ofLines(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\r?\n", -1));
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemType.BAD_GATEWAY, detail);
    }
}
