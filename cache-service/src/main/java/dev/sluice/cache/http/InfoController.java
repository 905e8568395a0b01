package dev.sluice.cache.http;

import dev.sluice.cache.engine.RedisFacts;
import dev.sluice.cache.engine.SecondLevelUnavailableException;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.node.CacheNode;
import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.platform.web.StrictQuery;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** {@code /api/v1/cache/info}: how this node and the Redis behind it are. For administrators: it counts what all tenants have. */
@RestController
final class InfoController {

    private final CacheNode node;
    private final TwoLevelCache cache;
    private final RedisFacts redis;
    private final LogFollower log;
    private final StrictJson json;

    InfoController(CacheNode node, TwoLevelCache cache, RedisFacts redis, LogFollower invalidations, StrictJson json) {
        this.node = node;
        this.cache = cache;
        this.redis = redis;
        this.log = invalidations;
        this.json = json;
    }

    /** Answers also without Redis, within the time that Redis has for one answer. */
    @GetMapping(path = "/api/v1/cache/info", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<byte[]>> info(ServerWebExchange exchange) {
        String _ = CacheScope.ADMIN.requireTenant(exchange);
        StrictQuery.of(exchange.getRequest()).only();
        return redis.servers()
                .map(servers -> Optional.of(new RedisFleet(servers)))
                .onErrorReturn(SecondLevelUnavailableException.class, Optional.empty())
                .map(fleet -> CacheInfo.of(node.id(), cache.statistics(), fleet, log))
                .map(info -> ResponseEntity.ok()
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .body(json.write(info)));
    }
}
