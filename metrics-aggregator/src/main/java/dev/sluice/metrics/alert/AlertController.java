package dev.sluice.metrics.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.anomaly.Watched;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Answers what a tenant was told last about its cache and its requests. */
@RestController
class AlertController {

    private final AlertTable table;

    AlertController(AlertTable table) {
        this.table = table;
    }

    /** The latest change of each verdict, and what is unusual or was so within a day; what never changed is healthy and not there. */
    record Answer(List<View> data) {}

    /**
     * One of them.
     *
     * @param subject {@code cache} or {@code requests}, and of what is unusual {@code namespace} or {@code route}
     * @param name of the namespace or route; else absent
     * @param measure which of its figures is unusual; else absent
     * @param value the measured figure that is worst
     * @param threshold which it is past; 0 when it is past none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String subject,
            @Nullable String name,
            @Nullable String measure,
            String status,
            String previous,
            Instant since,
            double value,
            double threshold,
            String message) {
        static View of(Alert alert) {
            Watched unusual = AnomalyEvents.isAnomaly(alert) ? AnomalyEvents.watchedOf(alert) : null;
            return new View(
                    alert.getSubject(),
                    unusual == null ? null : unusual.name(),
                    unusual == null ? null : unusual.measure().title(),
                    alert.getState().name().toLowerCase(Locale.ROOT),
                    alert.getPrevious().name().toLowerCase(Locale.ROOT),
                    alert.getSince(),
                    alert.getValue(),
                    alert.getThreshold(),
                    alert.getMessage());
        }
    }

    @GetMapping(path = "/api/v1/monitoring/alerts", produces = MediaType.APPLICATION_JSON_VALUE)
    Answer alerts(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return new Answer(table.ofTenant(Identity.of(exchange).tenant()).stream()
                .map(View::of)
                .toList());
    }
}
