package dev.sluice.webhook.secret;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.platform.kafka.seal.UnopenableSecretException;
import dev.sluice.record.WebhookEndpoint;
import java.time.Duration;
import java.time.Instant;

/**
 * Credentials that were opened a moment ago, so that an endpoint that gets many requests does not cost an AES-GCM for each. They belong to the very
 * record of the endpoint: with a new one, or none, what the old one had is not found any more. In clear they are for a minute at most, and of so many
 * endpoints at most. Thread-safe.
 */
public final class OpenCredentials {

    static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final SecretKeyring keyring;
    private final Cache<WebhookEndpoint, Credentials> opened;

    public OpenCredentials(SecretKeyring keyring) {
        this(keyring, Ticker.systemTicker());
    }

    OpenCredentials(SecretKeyring keyring, Ticker ticker) {
        this.keyring = keyring;
        // Weak keys are told apart as objects, not by what they hold.
        opened = Caffeine.newBuilder()
                .weakKeys()
                .maximumSize(MOST)
                .expireAfterWrite(LONGEST)
                .ticker(ticker)
                // Waking another thread for what there is to tidy up costs more than that, after every few requests.
                .executor(Runnable::run)
                .build();
    }

    /**
     * What an endpoint has at this moment.
     *
     * @param endpoint as it stands in the table of endpoints, where it is not changed but replaced
     * @throws UnopenableSecretException as {@link SecretKeyring#credentials}, which is asked again the next time
     */
    public Credentials of(WebhookEndpoint endpoint, Instant now) {
        return opened.get(endpoint, unseen -> keyring.credentials(unseen, now));
    }
}
