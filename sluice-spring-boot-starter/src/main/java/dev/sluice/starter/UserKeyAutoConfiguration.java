package dev.sluice.starter;

import dev.sluice.starter.key.ArgumentUser;
import dev.sluice.starter.key.CurrentUser;
import dev.sluice.starter.key.RequestUser;
import dev.sluice.starter.key.SecurityUser;
import dev.sluice.starter.key.UserAwareKeyGenerator;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;

/** Gives an application keys by user: {@code @Cacheable(cacheNames = "cart", keyGenerator = "userKeyGenerator")}. */
@AutoConfiguration
@EnableConfigurationProperties(StarterProperties.class)
public class UserKeyAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "userKeyGenerator")
    KeyGenerator userKeyGenerator(ObjectProvider<CurrentUser> sources) {
        return new UserAwareKeyGenerator(sources.orderedStream().toList());
    }

    @Bean
    @Order(0)
    CurrentUser argumentUser() {
        return new ArgumentUser();
    }

    /** Where Spring Security is. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextHolder.class)
    static class WithSecurity {

        @Bean
        @Order(10)
        CurrentUser securityUser() {
            return new SecurityUser();
        }
    }

    /** Where there are servlet requests. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({RequestContextHolder.class, HttpServletRequest.class})
    static class WithServlets {

        @Bean
        @Order(20)
        CurrentUser requestUser(StarterProperties properties) {
            return new RequestUser(properties.userHeader());
        }
    }
}
