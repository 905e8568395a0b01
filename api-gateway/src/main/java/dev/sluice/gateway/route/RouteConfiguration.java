package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.seal.Keyring;
import dev.sluice.platform.web.InternalProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the routes. */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

    @Bean
    Routes routes() {
        return new Routes();
    }

    @Bean
    RouteRecords routeRecords(RouteProperties properties, InternalProperties internal) {
        return new RouteRecords(new Keyring(properties.sealingKeys(internal.secret()), new SecureRandom()));
    }

    @Bean
    RouteTable routeTable(
            LogTables tables, RouteRecords records, RouteProperties properties, Routes routes, MeterRegistry meters) {
        Map<String, Route> file = properties
                .fileIfGiven()
                .map(Path::of)
                .map(path -> RouteFile.read(path, System::getenv))
                .orElse(Map.of());
        return RouteTable.over(tables, records, file, routes, meters);
    }

    @Bean
    RouteChanges routeChanges(Routes routes, RouteTable table, RouteRecords records, InstantSource clock) {
        return new RouteChanges(routes, table, records, clock);
    }

    @Bean
    RouteFilter routeFilter(Routes routes) {
        return new RouteFilter(routes);
    }

    @Bean
    MethodsHandlerMapping methodsHandlerMapping(Routes routes) {
        return new MethodsHandlerMapping(routes);
    }

    /** Not up before the log is read: a route that is not known yet would be answered 404. */
    @Bean
    HealthIndicator routesHealthIndicator(RouteTable table, Routes routes) {
        return () -> {
            Health.Builder health = table.loaded()
                    ? Health.up()
                    : Health.outOfService().withDetail("reason", "the routes are being read from the log");
            return health.withDetail("routes", routes.all().size())
                    .withDetail("setAside", table.setAside())
                    .withDetail("unreadableRecords", table.unreadable())
                    .build();
        };
    }
}
