package dev.sluice.gateway.auth;

import dev.sluice.gateway.address.ClientAddresses;
import dev.sluice.gateway.apikey.ApiKeyTable;
import dev.sluice.gateway.session.UserSessions;
import dev.sluice.gateway.tenant.TenantTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires authentication. */
@Configuration(proxyBeanMethods = false)
class AuthConfiguration {

    @Bean
    WrongKeyThrottle wrongKeyThrottle(AuthProperties properties, MeterRegistry meters) {
        return new WrongKeyThrottle(properties, System::nanoTime, meters);
    }

    @Bean
    Callers callers(TenantTable tenants) {
        return new Callers(tenants);
    }

    @Bean
    SessionFilter sessionFilter(UserSessions sessions, Callers callers) {
        return new SessionFilter(sessions, callers);
    }

    @Bean
    ApiKeyFilter apiKeyFilter(
            ApiKeyTable keys,
            Callers callers,
            WrongKeyThrottle throttle,
            ClientAddresses addresses,
            InstantSource clock) {
        return new ApiKeyFilter(keys, callers, throttle, addresses, clock);
    }
}
