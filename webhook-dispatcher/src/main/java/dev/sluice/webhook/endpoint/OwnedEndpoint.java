package dev.sluice.webhook.endpoint;

import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.WebhookEndpoint;

/** An endpoint at one of its versions. */
record OwnedEndpoint(WebhookEndpoint endpoint, long version) {

    static OwnedEndpoint of(Versioned<WebhookEndpoint> stored) {
        return new OwnedEndpoint(stored.value(), stored.version());
    }

    String entityTag() {
        return "\"" + version + "\"";
    }

    EndpointView view() {
        return EndpointView.of(endpoint);
    }
}
