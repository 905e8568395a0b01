package dev.sluice.standalone.platform;

import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import dev.sluice.standalone.supervise.ServicePhase;
import dev.sluice.standalone.supervise.ServiceStatus;
import dev.sluice.standalone.supervise.SupervisedService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All processes of one platform. The log and Redis start first, with those that have much to do before they need the log; the
 * others once it is ready. They stop in groups, those that take requests first and the log last.
 */
final class Platform {

    private final List<List<SupervisedService>> stopOrder;
    private final List<SupervisedService> early;

    /**
     * @param stopOrder all of them, the group of the log last
     * @param early those that start beside the log
     */
    Platform(List<List<SupervisedService>> stopOrder, List<SupervisedService> early) {
        this.stopOrder = stopOrder;
        this.early = early;
    }

    /** @throws LaunchException when one of them dies or does not get ready; the others still run then */
    void start() {
        List<SupervisedService> first = stopOrder.getLast();
        Starting log = new Starting();
        log.begin(first);
        Starting applications = new Starting();
        applications.begin(early);
        log.await();
        applications.begin(services().stream()
                .filter(service -> !first.contains(service) && !early.contains(service))
                .toList());
        applications.await();
    }

    /** Processes that were told to start, until the last is ready or the first has failed. */
    private final class Starting {
        private final CompletableFuture<ServiceStatus> failure = new CompletableFuture<>();
        private final List<CompletableFuture<ServiceStatus>> outcomes = new ArrayList<>();

        void begin(List<SupervisedService> group) {
            for (SupervisedService service : group) {
                outcomes.add(service.start().whenComplete((outcome, error) -> {
                    if (outcome.phase() != ServicePhase.READY) {
                        failure.complete(outcome);
                    }
                }));
            }
        }

        void await() {
            CompletableFuture.anyOf(CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)), failure)
                    .join();
            if (failure.isDone()) {
                throw new LaunchException(describe(failure.join()));
            }
        }
    }

    /** Returns once every process is gone. Can be called twice. */
    void stop() throws InterruptedException {
        for (List<SupervisedService> group : stopOrder) {
            List<Thread> stopping = group.stream()
                    .map(service -> Thread.ofPlatform().start(() -> stop(service)))
                    .toList();
            for (Thread thread : stopping) {
                thread.join();
            }
        }
    }

    List<ServiceStatus> statuses() {
        return services().stream().map(SupervisedService::status).toList();
    }

    SupervisedService service(String name) {
        return services().stream()
                .filter(service -> service.blueprint().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** In the order in which they are shown: the log first. */
    private List<SupervisedService> services() {
        return stopOrder.reversed().stream().flatMap(List::stream).toList();
    }

    private static void stop(SupervisedService service) {
        try {
            service.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String describe(ServiceStatus failed) {
        ServiceBlueprint blueprint = service(failed.name()).blueprint();
        if (failed.phase() == ServicePhase.STOPPED) {
            return failed.name() + " was stopped before it was ready";
        }
        return failed.name() + " " + failed.detail() + "\n" + LogTail.describe(blueprint.logs());
    }
}
