package dev.sluice.gateway.stream;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.tenant.TenantTable;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams of events with who may have them. */
@Configuration(proxyBeanMethods = false)
class StreamGuardConfiguration {

    @Bean(initMethod = "start")
    StreamGuard streamGuard(OpenStreams streams, ApiKeyTable keys, TenantTable tenants, InstantSource clock) {
        return new StreamGuard(streams, keys, tenants, clock);
    }
}
