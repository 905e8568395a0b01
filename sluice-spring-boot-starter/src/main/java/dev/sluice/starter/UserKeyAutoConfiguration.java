package dev.sluice.starter;

import dev.sluice.starter.key.ArgumentUser;
import dev.sluice.starter.key.CurrentUser;
import dev.sluice.starter.key.ReactiveCurrentUser;
import dev.sluice.starter.key.ReactiveSecurityUser;
import dev.sluice.starter.key.ReactiveUsers;
import dev.sluice.starter.key.RequestUser;
import dev.sluice.starter.key.SecurityUser;
import dev.sluice.starter.key.UserAwareKeyGenerator;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestContextHolder;

/** Gives an application keys by user: {@code @Cacheable(cacheNames = "cart", keyGenerator = "userKeyGenerator")}. */
@AutoConfiguration
@EnableConfigurationProperties(StarterProperties.class)
public class UserKeyAutoConfiguration {

    private static final String GENERATOR = "userKeyGenerator";

    /** Asked for its advice before other beans are there. Whoever makes keys otherwise is called as always. */
    @Bean
    @ConditionalOnMissingBean(name = GENERATOR)
    @Order(5)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ReactiveUsers reactiveUsers(
            ObjectProvider<CurrentUser> others, ObjectProvider<ReactiveCurrentUser> sources) {
        return new ReactiveUsers(
                GENERATOR,
                () -> others.orderedStream().toList(),
                () -> sources.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean(name = GENERATOR)
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

        @Bean
        @Order(10)
        ReactiveCurrentUser reactiveSecurityUser() {
            return new ReactiveSecurityUser();
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
