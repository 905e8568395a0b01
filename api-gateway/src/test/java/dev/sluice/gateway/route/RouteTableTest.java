package dev.sluice.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.RouteConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private final FakeLogTable<RouteConfig> log = FakeLogTable.unread();
    private final RouteRecords records = TestRoutes.records();
    private final Routes routes = new Routes();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Set<String>> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        routes.onChange((before, after) -> told.add(after.keySet()));
    }

    @Test
    void theFilesRoutesCountBeforeTheLogIsRead() {
        RouteTable table = table(TestRoutes.route("a", "/a"));
        assertThat(routes.all()).containsOnlyKeys("a");
        assertThat(table.loaded()).isFalse();
        put(TestRoutes.route("b", "/b"));
        assertThat(routes.all()).as("while loading").containsOnlyKeys("a");
        log.load();
        assertThat(table.loaded()).isTrue();
        assertThat(routes.all()).containsOnlyKeys("a", "b");
    }

    @Test
    void whatTheLogSaysOfAnIdCountsBeforeTheFile() {
        log.load();
        table(TestRoutes.route("a", "/a"), TestRoutes.route("b", "/b"));
        put(TestRoutes.route("a", "/other"));
        put("b", records.removed(TestRoutes.route("b", "/b"), Instant.EPOCH));
        assertThat(routes.all()).containsExactly(Map.entry("a", TestRoutes.route("a", "/other")));
        CompletableFuture<Void> _ = log.remove("a");
        CompletableFuture<Void> _ = log.remove("b");
        assertThat(routes.all()).containsOnlyKeys("a", "b").containsEntry("a", TestRoutes.route("a", "/a"));
    }

    @Test
    void aBrokenRecordLeavesTheLastGoodRouteAndAllOthers() {
        log.load();
        RouteTable table = table();
        put(TestRoutes.route("a", "/a"));
        put("a", broken("a"));
        put("c", broken("c"));
        put(TestRoutes.route("b", "/b"));
        assertThat(routes.all()).containsOnlyKeys("a", "b");
        assertThat(table.setAside()).containsOnlyKeys("a", "c");
        assertThat(table.setAside().get("a")).contains("cost must be");
        assertThat(meters.counter("sluice.gateway.routes.rejected").count()).isEqualTo(2);
        put(TestRoutes.route("a", "/a2"));
        assertThat(routes.all()).containsEntry("a", TestRoutes.route("a", "/a2"));
        assertThat(table.setAside()).containsOnlyKeys("c");
    }

    @Test
    void ofTwoRoutesForTheSameRequestsTheOneWrittenFirstStays() {
        log.load();
        RouteTable table = table(TestRoutes.route("file", "/f"));
        put(TestRoutes.route("z", "/a"));
        put(TestRoutes.route("b", "/a"));
        put(TestRoutes.route("c", "/f"));
        assertThat(routes.all()).containsOnlyKeys("z", "c");
        assertThat(table.setAside()).containsOnlyKeys("b", "file");
        CompletableFuture<Void> _ = log.remove("z");
        assertThat(routes.all()).containsOnlyKeys("b", "c");
    }

    @Test
    void listenersAreToldOnceOfEachChange() {
        log.load();
        table(TestRoutes.route("a", "/a"));
        told.clear();
        put(TestRoutes.route("b", "/b"));
        put(TestRoutes.route("b", "/b"));
        CompletableFuture<Void> _ = log.remove("b");
        assertThat(told).containsExactly(Set.of("a", "b"), Set.of("a"));
        routes.onChange((before, after) -> told.add(before.keySet()));
        assertThat(told).last().isEqualTo(Set.of());
    }

    private RouteTable table(Route... file) {
        Map<String, Route> byId = new HashMap<>();
        for (Route route : file) {
            byId.put(route.id(), route);
        }
        RouteTable table = new RouteTable(log, records, byId, routes, meters);
        table.follow();
        return table;
    }

    private void put(Route route) {
        put(route.id(), records.write(route, Instant.EPOCH));
    }

    private void put(String id, RouteConfig config) {
        long version = log.findVersioned(id).map(entry -> entry.version()).orElse(LogTable.ABSENT);
        assertThat(log.put(id, config, version)).isCompleted();
    }

    private RouteConfig broken(String id) {
        return RouteConfig.newBuilder(records.write(TestRoutes.route(id, "/" + id), Instant.EPOCH))
                .setCost(-1)
                .build();
    }
}
