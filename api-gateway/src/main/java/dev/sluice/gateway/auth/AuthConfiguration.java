package dev.sluice.gateway.auth;

import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.tenant.TenantTable;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires authentication. */
@Configuration(proxyBeanMethods = false)
class AuthConfiguration {

    @Bean
    ApiKeyFilter apiKeyFilter(ApiKeyTable keys, TenantTable tenants, InstantSource clock) {
        return new ApiKeyFilter(keys, tenants, clock);
    }
}
