package dev.sluice.metrics.alert;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictQuery;
import dev.sluice.record.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

    /** The latest change of each verdict; what never changed is healthy and not there. */
    record Answer(List<View> data) {}

    /**
     * One of them.
     *
     * @param value the measured figure that is worst
     * @param threshold which it is past; 0 when it is past none
     */
    record View(
            String subject,
            String status,
            String previous,
            Instant since,
            double value,
            double threshold,
            String message) {
        static View of(Alert alert) {
            return new View(
                    alert.getSubject(),
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
