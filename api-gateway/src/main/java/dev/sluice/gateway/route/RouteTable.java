package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.RouteConfig;
import dev.sluice.record.RouteStatus;
import dev.sluice.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the log over those of the gateway's file. What the log says of an id counts, a removal included; the
 * file's routes stand in for those that the log does not mention. A record that is no usable route is set aside, and the
 * last good route of its id stays. Thread-safe.
 */
final class RouteTable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteTable.class);

    private final LogTable<RouteConfig> log;
    private final RouteRecords records;
    private final Map<String, Route> file;
    private final Routes routes;
    private final MeterRegistry meters;
    private final Counter rejected;

    private Map<String, Route> lastGood = Map.of();
    /** By id, the newest version that was looked at; so that each is read once, and complained of once. */
    private Map<String, Seen> seen = Map.of();

    private volatile Map<String, String> setAside = Map.of();
    private volatile boolean loaded;

    private record Seen(long version, Optional<Route> route, String fault) {}

    RouteTable(
            LogTable<RouteConfig> log,
            RouteRecords records,
            Map<String, Route> file,
            Routes routes,
            MeterRegistry meters) {
        this.log = log;
        this.records = records;
        this.file = Map.copyOf(file);
        this.routes = routes;
        this.meters = meters;
        this.rejected = meters.counter("sluice.gateway.routes.rejected");
        meters.gauge("sluice.gateway.routes", routes, current -> current.all().size());
        apply();
    }

    static RouteTable over(
            LogTables tables, RouteRecords records, Map<String, Route> file, Routes routes, MeterRegistry meters) {
        RouteTable table = new RouteTable(tables.of(Topics.ROUTES), records, file, routes, meters);
        table.follow();
        return table;
    }

    /** Applies what the log has, once it is read to its end, and then each change. */
    void follow() {
        log.onChange((id, before, after) -> {
            // While the log is loading, each record would be a change of all routes.
            if (log.ready()) {
                apply();
            }
        });
        CompletableFuture<Void> _ = log.whenReady().thenRun(() -> {
            apply();
            loaded = true;
        });
    }

    /** Whether the log was read to its end and applied. */
    boolean loaded() {
        return loaded;
    }

    /** Why records are set aside, by id. */
    Map<String, String> setAside() {
        return setAside;
    }

    /** How many records of the log could not be decoded since the start. */
    long unreadable() {
        Counter counter = meters.find("sluice.kafka.table.unreadable")
                .tag("topic", Topics.ROUTES.name())
                .counter();
        return counter == null ? 0 : Math.round(counter.count());
    }

    boolean isInFile(String id) {
        return file.containsKey(id);
    }

    Optional<Versioned<RouteConfig>> findVersioned(String id) {
        return log.findVersioned(id);
    }

    CompletableFuture<Versioned<RouteConfig>> write(RouteConfig config, long expectedVersion) {
        return log.put(config.getId(), config, expectedVersion);
    }

    CompletableFuture<Void> remove(String id, long expectedVersion) {
        return log.remove(id, expectedVersion);
    }

    private synchronized void apply() {
        List<Versioned<RouteConfig>> entries = log.entries().stream()
                .sorted(Comparator.comparingLong(Versioned::version))
                .toList();
        RouteClaims claims = new RouteClaims();
        Map<String, Route> current = new LinkedHashMap<>();
        Map<String, String> faults = new HashMap<>();
        Map<String, Seen> looked = new HashMap<>();
        Map<String, Route> inFile = new HashMap<>(file);
        for (Versioned<RouteConfig> entry : entries) {
            inFile.remove(entry.key());
            if (entry.value().getStatus() == RouteStatus.REMOVED) {
                continue;
            }
            Seen read = look(entry);
            looked.put(entry.key(), read);
            String fault =
                    read.route.map(route -> claim(route, claims, current)).orElse(read.fault);
            if (!fault.isEmpty()) {
                faults.put(entry.key(), fault);
                Route last = lastGood.get(entry.key());
                if (last != null) {
                    claim(last, claims, current);
                }
            }
        }
        inFile.values().stream().sorted(Comparator.comparing(Route::id)).forEach(route -> {
            String fault = claim(route, claims, current);
            if (!fault.isEmpty()) {
                faults.put(route.id(), fault);
            }
        });
        complain(faults);
        seen = looked;
        lastGood = Map.copyOf(current);
        setAside = Map.copyOf(faults);
        if (!current.equals(routes.all()) || current.isEmpty()) {
            routes.replace(current, CompiledRoutes.of(current.values()));
        }
    }

    private Seen look(Versioned<RouteConfig> entry) {
        Seen before = seen.get(entry.key());
        if (before != null && before.version == entry.version()) {
            return before;
        }
        try {
            return new Seen(entry.version(), Optional.of(records.read(entry.key(), entry.value())), "");
        } catch (RuntimeException e) {
            // Whatever a record holds must not keep the others from being applied.
            return new Seen(entry.version(), Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** Adds a route to those that count, or says why not. */
    private static String claim(Route route, RouteClaims claims, Map<String, Route> current) {
        Optional<RouteFault> fault = claims.add(route);
        if (fault.isPresent()) {
            return fault.get().toString();
        }
        current.put(route.id(), route);
        return "";
    }

    private void complain(Map<String, String> faults) {
        faults.forEach((id, fault) -> {
            if (!fault.equals(setAside.get(id))) {
                rejected.increment();
                LOG.error("a record of route {} is set aside, the last good one stays: {}", id, fault);
            }
        });
    }
}
