package dev.sluice.gateway.ingest;

import dev.sluice.gateway.eventtype.EventTypeSlice;
import dev.sluice.gateway.job.JobSlice;
import dev.sluice.platform.web.FilterOrder;
import dev.sluice.platform.web.Identity;
import java.util.Set;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The ingest alone, on the platform; everybody is tenant {@code acme}. */
@EnableAutoConfiguration
@EnableConfigurationProperties(IngestProperties.class)
@Import({
    EventTypeSlice.class,
    JobSlice.class,
    ImportController.class,
    IngestConfiguration.class,
    EventController.class,
    EventPublisher.class,
    IngestSlice.EverybodyIsAcme.class
})
class IngestSlice {

    static final class EverybodyIsAcme implements WebFilter, Ordered {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            new Identity("acme", "key-1", "free", Set.of("events:write")).establish(exchange);
            return chain.filter(exchange);
        }

        @Override
        public int getOrder() {
            return FilterOrder.AUTHENTICATION;
        }
    }
}
