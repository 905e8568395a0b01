package dev.sluice.standalone.platform;

import dev.sluice.standalone.LaunchException;
import dev.sluice.standalone.supervise.ServiceBlueprint;
import dev.sluice.standalone.supervise.ServicePhase;
import dev.sluice.standalone.supervise.ServiceStatus;
import dev.sluice.standalone.supervise.SupervisedService;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All processes of one platform. The log and Redis start first, then the others together; they stop in groups, those that
 * take requests first and the log last.
 */
final class Platform {

    private final List<List<SupervisedService>> stopOrder;

    Platform(List<List<SupervisedService>> stopOrder) {
        this.stopOrder = stopOrder;
    }

    /** @throws LaunchException when one of them dies or does not get ready; the others still run then */
    void start() {
        List<SupervisedService> first = stopOrder.getLast();
        startTogether(first);
        startTogether(
                services().stream().filter(service -> !first.contains(service)).toList());
    }

    private void startTogether(List<SupervisedService> group) {
        CompletableFuture<ServiceStatus> failure = new CompletableFuture<>();
        List<CompletableFuture<ServiceStatus>> outcomes = group.stream()
                .map(service -> service.start().whenComplete((outcome, error) -> {
                    if (outcome.phase() != ServicePhase.READY) {
                        failure.complete(outcome);
                    }
                }))
                .toList();
        CompletableFuture.anyOf(CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new)), failure)
                .join();
        if (failure.isDone()) {
            throw new LaunchException(describe(failure.join()));
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
        ServiceBlueprint blueprint = services().stream()
                .map(SupervisedService::blueprint)
                .filter(candidate -> candidate.name().equals(failed.name()))
                .findFirst()
                .orElseThrow();
        if (failed.phase() == ServicePhase.STOPPED) {
            return failed.name() + " was stopped before it was ready";
        }
        return failed.name() + " " + failed.detail() + "\n" + LogTail.describe(blueprint.logs());
    }
}
