package dev.sluice.gateway.console;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** {@code GET /}: a page that needs nothing else, neither script nor image nor font from anywhere. */
@RestController
final class ConsoleController {

    private final ConsolePage page = ConsolePage.load();

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> page(ServerWebExchange exchange) {
        if (exchange.checkNotModified(page.etag())) {
            return ResponseEntity.status(304).build();
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, "text/html;charset=utf-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("Content-Security-Policy", page.contentSecurityPolicy())
                .eTag(page.etag())
                .body(page.html());
    }
}
