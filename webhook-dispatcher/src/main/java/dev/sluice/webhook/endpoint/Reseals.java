package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.webhook.secret.SecretKeyring;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Seals with the current key what endpoints have sealed with older ones, so that those can be taken from the ring. Thread-safe. */
final class Reseals {

    private final EndpointTable table;
    private final SecretKeyring keyring;
    private final InstantSource clock;

    Reseals(EndpointTable table, SecretKeyring keyring, InstantSource clock) {
        this.table = table;
        this.keyring = keyring;
        this.clock = clock;
    }

    /**
     * How it stands.
     *
     * @param currentKey id of the key that seals
     * @param sealedBy how many secrets and headers each key has sealed, by its id
     * @param resealed endpoints that were sealed anew just now
     * @param unopenable ids of endpoints that have something that no key on the ring opens; their owners have to rotate it, or send the
     *     header again
     */
    record Standing(String currentKey, Map<String, Integer> sealedBy, int resealed, List<String> unopenable) {}

    Standing look() {
        return standing(0);
    }

    /** Completes when all is on the log that could be opened; may be asked for again at any time, and of any dispatcher. */
    Mono<Standing> reseal() {
        return Flux.fromIterable(table.all())
                .map(WebhookEndpoint::getId)
                .concatMap(this::reseal)
                .filter(Boolean::booleanValue)
                .count()
                .map(done -> standing(Math.toIntExact(done)));
    }

    /** How many endpoints wait for it. */
    long waiting() {
        return table.all().stream()
                .filter(endpoint -> !keyring.isCurrent(endpoint))
                .count();
    }

    private Mono<Boolean> reseal(String id) {
        return EndpointWrites.repeated(Mono.defer(() -> table.findVersioned(id)
                        .filter(found -> !keyring.isCurrent(found.value()))
                        .map(found -> EndpointWrites.answered(() -> table.replace(
                                        keyring.resealed(found.value(), clock.instant()), found.version()))
                                .thenReturn(true))
                        .orElseGet(() -> Mono.just(false))))
                // It is told apart from what could be sealed; the others go on.
                .onErrorReturn(UnopenableSecretException.class, false);
    }

    private Standing standing(int resealed) {
        Map<String, Integer> sealedBy = new TreeMap<>();
        table.all()
                .forEach(endpoint -> SecretKeyring.keyIds(endpoint).forEach(id -> sealedBy.merge(id, 1, Integer::sum)));
        List<String> unopenable = table.all().stream()
                .filter(endpoint -> !keyring.opens(endpoint))
                .map(WebhookEndpoint::getId)
                .sorted()
                .toList();
        return new Standing(keyring.currentId(), sealedBy, resealed, unopenable);
    }
}
