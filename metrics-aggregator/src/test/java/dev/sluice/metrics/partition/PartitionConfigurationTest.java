package dev.sluice.metrics.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;

class PartitionConfigurationTest {
    private static final PeerProperties PROPERTIES =
            new PeerProperties(Duration.ofMillis(300), Duration.ofSeconds(2), Duration.ofSeconds(4), 1);

    /** An instance that is made anew has another address, or that of another service. */
    @Test
    void instancesAreLookedForByTheNamesOfNow() {
        HttpClient client = PartitionConfiguration.clientOf(PROPERTIES);

        assertThat(client.configuration().getNameResolverProvider())
                .isNotNull()
                .satisfies(names -> assertThat(names.cacheMaxTimeToLive()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
        assertThat(client.configuration().responseTimeout()).isEqualTo(PROPERTIES.responseTimeout());
    }
}
