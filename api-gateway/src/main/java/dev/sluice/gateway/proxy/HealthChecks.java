package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.HealthCheck;
import dev.sluice.platform.web.ServiceNames;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Asks targets now and then whether they are well, on connections of their own: a full pool is no illness. */
final class HealthChecks {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    private final HttpClient client = HttpClient.newConnection()
            .resolver(ServiceNames::lookUp)
            .followRedirect(false)
            .disableRetry(true)
            .headers(headers -> headers.set("User-Agent", "sluice-health"));
    private final RandomGenerator random;

    HealthChecks(RandomGenerator random) {
        this.random = random;
    }

    /** Begins to ask a target, until disposed; does nothing when its route has no health check. */
    Disposable watch(String route, UpstreamTarget target, HealthCheck check) {
        if (check.path().isEmpty()) {
            return () -> {};
        }
        String url = target.base() + check.path().get();
        return Mono.defer(() -> ask(url, check))
                .doOnNext(well -> note(route, target, well))
                .repeatWhen(rounds -> rounds.concatMap(round -> Mono.delay(pause(check))))
                .subscribe();
    }

    private Mono<Boolean> ask(String url, HealthCheck check) {
        return client.option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(check.timeout().toMillis()))
                .get()
                .uri(url)
                .responseSingle((answer, body) -> Mono.just(answer.status().code() / 100))
                .map(hundreds -> hundreds == 2 || hundreds == 3)
                .timeout(check.timeout(), Mono.just(false))
                .onErrorReturn(false);
    }

    private static void note(String route, UpstreamTarget target, boolean well) {
        boolean before = target.health().isUp();
        if (well) {
            target.health().passed();
        } else {
            target.health().failed();
        }
        if (before != target.health().isUp()) {
            LOG.atInfo()
                    .addKeyValue("route", route)
                    .addKeyValue("target", target.index())
                    .log(before ? "A target fails its health checks" : "A target passes its health checks again");
        }
    }

    /** A tenth shorter or longer, so that many gateways do not ask at once. */
    private Duration pause(HealthCheck check) {
        return Duration.ofNanos((long) (check.interval().toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }
}
