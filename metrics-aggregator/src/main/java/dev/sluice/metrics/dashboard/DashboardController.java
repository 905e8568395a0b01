package dev.sluice.metrics.dashboard;

import dev.sluice.platform.web.InlinePage;
import dev.sluice.platform.web.StrictQuery;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** The page alone, without any figure: whoever opens it gives it a key, with which it asks for them. So anybody may have it. */
@RestController
class DashboardController {

    private final InlinePage page = InlinePage.load("/dashboard/index.html");

    @GetMapping(path = "/api/v1/monitoring/dashboard", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> page(ServerWebExchange exchange) {
        StrictQuery.of(exchange.getRequest()).only();
        return page.answer(exchange);
    }
}
