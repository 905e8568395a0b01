package dev.sluice.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.netty.transport.NameResolverProvider;

class NamesTest {

    @Test
    void anAddressIsSoonForgottenWhateverItsNameServerSays() {
        NameResolverProvider.NameResolverSpec names = NameResolverProvider.builder();
        Names.lookUp(names);
        assertThat(names.build().cacheMaxTimeToLive()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
}
