package dev.sluice.gateway.console;

import dev.sluice.platform.web.InlinePage;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** {@code GET /}: a page that needs nothing else, neither script nor image nor font from anywhere. */
@RestController
final class ConsoleController {

    private final InlinePage page = InlinePage.load("/console/index.html");

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> page(ServerWebExchange exchange) {
        return page.answer(exchange);
    }
}
