package dev.sluice.gateway.route;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.Preconditions;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.RouteConfig;
import dev.sluice.record.RouteStatus;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** What administrators do with routes. */
final class RouteChanges {

    private static final int MAX_ROUTES = 10_000;

    private final Routes routes;
    private final RouteTable table;
    private final RouteRecords records;
    private final InstantSource clock;

    RouteChanges(Routes routes, RouteTable table, RouteRecords records, InstantSource clock) {
        this.routes = routes;
        this.table = table;
        this.records = records;
        this.clock = clock;
    }

    /** A route as it is now, and whether it is new. */
    record Stored(RouteEntry entry, Outcome outcome) {}

    /** What a write did. */
    enum Outcome {
        CREATED,
        REPLACED
    }

    /** Completes when the route is in the log and counts in this gateway. */
    Mono<Stored> put(String id, @Nullable Object document, HttpHeaders headers) {
        requireLoaded();
        checkId(id);
        Route route = unmask(read(id, document));
        Optional<String> before = entityTag(id);
        Preconditions.check(headers, before);
        checkAgainstOthers(route);
        Outcome outcome = before.isPresent() ? Outcome.REPLACED : Outcome.CREATED;
        RouteConfig config = records.write(route, clock.instant());
        long expected = expectedVersion(id);
        return TableWrites.answered(() -> table.write(config, expected))
                .map(stored -> new Stored(
                        new RouteEntry(route, stored.version(), Optional.of(config.getUpdatedAt())), outcome));
    }

    /** Completes when no request gets to the route any more. */
    Mono<Void> delete(String id, HttpHeaders headers) {
        requireLoaded();
        Optional<String> before = entityTag(id);
        if (before.isEmpty()) {
            throw notFound();
        }
        Preconditions.check(headers, before);
        long expected = expectedVersion(id);
        Route inForce = routes.all().get(id);
        if (!table.isInFile(id) || inForce == null) {
            return TableWrites.answered(() -> table.remove(id, expected));
        }
        return TableWrites.answered(() -> table.write(records.removed(inForce, clock.instant()), expected))
                .then();
    }

    RouteEntry find(String id) {
        requireLoaded();
        return Optional.ofNullable(routes.all().get(id)).map(this::entry).orElseThrow(RouteChanges::notFound);
    }

    /** At most so many routes whose ids follow another, by id. */
    List<RouteEntry> list(String afterId, int limit) {
        requireLoaded();
        return routes.all().values().stream()
                .filter(route -> route.id().compareTo(afterId) > 0)
                .sorted(Comparator.comparing(Route::id))
                .limit(limit)
                .map(this::entry)
                .toList();
    }

    private static Route read(String id, @Nullable Object document) {
        RouteReader.Reading reading = RouteReader.read(id, document, Spelling.CAMEL_CASE);
        refuse(reading.faults());
        return reading.route();
    }

    /** Puts what the API has not shown in its place again. */
    private Route unmask(Route route) {
        Route before = routes.all().get(route.id());
        Faults faults = new Faults();
        HeaderEdits edits = SecretHeaders.unmask(
                "requestHeaders",
                route.requestHeaders(),
                before == null ? HeaderEdits.NONE : before.requestHeaders(),
                faults);
        List<HeaderTest> tests = SecretHeaders.unmask(
                "match.headers",
                route.match().headers(),
                before == null ? List.of() : before.match().headers(),
                faults);
        refuse(faults.all());
        return route.withRequestHeaders(edits).withMatch(route.match().withHeaders(tests));
    }

    private static void refuse(List<RouteFault> faults) {
        if (!faults.isEmpty()) {
            List<FieldError> errors =
                    faults.stream().map(RouteFault::toFieldError).toList();
            throw ProblemException.ofFields(faults.getFirst().type(), errors);
        }
    }

    private void checkAgainstOthers(Route route) {
        RouteClaims claims = new RouteClaims();
        List<Route> others = routes.all().values().stream()
                .filter(other -> !other.id().equals(route.id()))
                .toList();
        if (others.size() >= MAX_ROUTES) {
            throw new ProblemException(
                    ProblemType.CONFLICT, "There are " + MAX_ROUTES + " routes, the most there can be; delete one.");
        }
        others.forEach(claims::add);
        claims.add(route).ifPresent(fault -> {
            throw ProblemException.ofFields(fault.type(), List.of(fault.toFieldError()));
        });
    }

    /** A record that is set aside has a tag too: it can be replaced and deleted. */
    private Optional<String> entityTag(String id) {
        Optional<Versioned<RouteConfig>> logged = table.findVersioned(id);
        if (logged.isPresent()) {
            return logged.filter(entry -> entry.value().getStatus() != RouteStatus.REMOVED)
                    .map(entry -> "\"" + entry.version() + "\"");
        }
        return Optional.ofNullable(routes.all().get(id))
                .map(route -> entry(route).entityTag());
    }

    private long expectedVersion(String id) {
        return table.findVersioned(id).map(Versioned::version).orElse(LogTable.ABSENT);
    }

    private RouteEntry entry(Route route) {
        Optional<Versioned<RouteConfig>> logged = table.findVersioned(route.id());
        return new RouteEntry(
                route,
                logged.map(Versioned::version).orElse(LogTable.ABSENT),
                logged.map(entry -> entry.value().getUpdatedAt()));
    }

    private static void checkId(String id) {
        if (!RouteRules.isId(id)) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH,
                    "id",
                    "Use 1 to 63 of a-z, 0-9, dot, underscore and hyphen for the route id, a letter or digit first.");
        }
    }

    private void requireLoaded() {
        if (!table.loaded()) {
            throw TableWrites.loading("routes");
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(
                ProblemType.NOT_FOUND, "There is no route with this id; GET /api/v1/routes lists those there are.");
    }
}
