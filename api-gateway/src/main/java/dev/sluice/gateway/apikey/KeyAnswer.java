package dev.sluice.gateway.apikey;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.record.ApiKey;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a change of a key: what the key is now, and what only this answer tells.
 *
 * @param key the key in full, when it has just been made
 * @param predecessor the key that it replaces, when it has just replaced one
 * @param propagation how far the change has spread, when that was waited for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record KeyAnswer(
        @JsonUnwrapped ApiKeyView view,
        @Nullable String key,
        NewKey.@Nullable Predecessor predecessor,
        @Nullable Propagation propagation) {

    static KeyAnswer of(ApiKey key, @Nullable Propagation propagation) {
        return new KeyAnswer(ApiKeyView.of(key), null, null, propagation);
    }

    static KeyAnswer of(NewKey made, @Nullable Propagation propagation) {
        return new KeyAnswer(ApiKeyView.of(made.key()), made.text().reveal(), made.predecessor(), propagation);
    }

    @Override
    public String toString() {
        return "KeyAnswer[id=" + view.id() + "]";
    }
}
