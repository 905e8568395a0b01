package dev.sluice.metrics.query;

import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.freshness.FreshnessMonitor;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.partition.PartitionAnswers;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.webhook.BacklogTable;
import dev.sluice.metrics.webhook.WebhookBacklog;
import dev.sluice.metrics.webhook.WebhookStatsTopology;
import dev.sluice.metrics.webhook.WebhookTally;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers how deliveries to webhooks went: a tenant's own, or with the scope admin those of any tenant and of all. */
@RestController
class WebhookStatsController {
    private static final int DEFAULT_WEBHOOKS = 100;
    private static final int MAX_WEBHOOKS = 1000;

    private final LadderReader<WebhookTally> windows;
    private final BacklogTable backlogs;
    private final PartitionAnswers answers;
    private final FreshnessMonitor freshness;
    private final InstantSource clock;

    WebhookStatsController(
            LadderReader<WebhookTally> windows,
            BacklogTable backlogs,
            PartitionAnswers answers,
            FreshnessMonitor freshness,
            InstantSource clock) {
        this.windows = windows;
        this.backlogs = backlogs;
        this.answers = answers;
        this.freshness = freshness;
        this.clock = clock;
    }

    @GetMapping(path = "/api/v1/monitoring/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
    Mono<WebhookAnswers.Webhooks> webhooks(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only("window", "tenant", "webhook", "limit");
        String tenant = QueryParameters.tenant(query, Identity.of(exchange));
        Optional<String> only = QueryParameters.name(query, "webhook", "Send the id of a webhook");
        int limit = query.number("limit", 1, MAX_WEBHOOKS).orElse(DEFAULT_WEBHOOKS);
        Period period = QueryParameters.period(query, clock.instant());
        // Asked for first: what is counted after this can only be more.
        Freshness counted = freshness.latest(WebhookStatsTopology.inputTopic()).orElse(null);
        return answers.answer(new NamedStatsQuestion<>(
                        windows, NamedStatsQuestion.WEBHOOKS_PATH, tenant, period.from(), period.to()))
                .map(stats -> WebhookAnswers.Webhooks.of(
                        period,
                        counted,
                        only.map(stats::only).orElse(stats),
                        backlogsOf(tenant, only).orElse(null),
                        limit));
    }

    private Optional<SortedMap<String, WebhookBacklog>> backlogsOf(String tenant, Optional<String> only) {
        Optional<SortedMap<String, WebhookBacklog>> behind =
                backlogs.find(owner -> tenant.equals(NamedStatsQuestion.EVERYBODY) || owner.equals(tenant));
        only.ifPresent(id -> behind.ifPresent(all -> all.keySet().removeIf(other -> !other.equals(id))));
        return behind;
    }

    /** What this instance's partitions say, for another one that was asked. */
    @GetMapping(path = NamedStatsQuestion.WEBHOOKS_PATH, produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Mono<byte[]> share(ServerWebExchange exchange) {
        StrictQuery query = StrictQuery.of(exchange.getRequest()).only(PeerCall.PARTITIONS, "from", "to");
        PeerCall call = PeerCall.of(exchange, query);
        NamedStatsQuestion<WebhookTally> question =
                NamedStatsQuestion.of(windows, NamedStatsQuestion.WEBHOOKS_PATH, call);
        return answers.share(() -> question.read(call.partitions()).encode());
    }
}
