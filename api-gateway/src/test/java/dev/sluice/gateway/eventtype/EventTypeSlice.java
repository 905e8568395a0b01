package dev.sluice.gateway.eventtype;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The catalogue without its API, for tests of those who ask it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventTypeProperties.class)
@Import(EventTypeConfiguration.class)
public class EventTypeSlice {}
