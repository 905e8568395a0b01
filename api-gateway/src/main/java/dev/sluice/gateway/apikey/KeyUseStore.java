package dev.sluice.gateway.apikey;

import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Where all gateways keep when keys were last used, in minutes since 1970. */
interface KeyUseStore {

    /** Keeps what is newer than what is there. */
    Mono<Void> write(Map<String, Long> minutes);

    /** What is known of these keys; nothing for those that were never used. */
    Mono<Map<String, Long>> read(Collection<String> ids);

    /** Forgets a key. */
    Mono<Void> remove(String id);
}
