package dev.sluice.gateway.proxy;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The way to upstreams over HTTP, on a port of its own; each test sets its routes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = ProxySlice.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.autoconfigure.exclude=dev.sluice.platform.kafka.PlatformKafkaAutoConfiguration",
            "management.server.port=0",
            "management.endpoint.health.validate-group-membership=false",
            "sluice.internal.secret=0123456789abcdef0123456789abcdef",
        })
@interface ProxyTest {}
