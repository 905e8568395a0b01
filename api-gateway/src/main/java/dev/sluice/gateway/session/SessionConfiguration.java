package dev.sluice.gateway.session;

import java.security.SecureRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Wires the sessions. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

    @Bean
    SessionStore sessionStore(ReactiveStringRedisTemplate redis, SessionProperties properties) {
        return new SessionStore(redis, properties.deadline(), properties.maxPerUser());
    }

    @Bean
    UserSessions userSessions(SessionStore store) {
        return new UserSessions(store);
    }

    @Bean
    SessionTokens sessionTokens() {
        return new SessionTokens(new SecureRandom());
    }
}
