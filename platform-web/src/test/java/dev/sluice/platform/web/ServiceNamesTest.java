package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.netty.transport.NameResolverProvider;

class ServiceNamesTest {

    @Test
    void anAddressIsSoonForgottenWhateverItsNameServerSays() {
        NameResolverProvider.NameResolverSpec names = NameResolverProvider.builder();
        ServiceNames.lookUp(names);
        assertThat(names.build().cacheMaxTimeToLive()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5));
    }
}
