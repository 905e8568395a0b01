package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.RunningPlatform;

/** What a user needs to begin: the address, a key, and three things to try. */
final class Welcome {

    private Welcome() {}

    static void show(RunningPlatform platform, String stateHint, Console console) {
        String gateway = platform.gateway().toString();
        String key = platform.keys().ofTier("premium").key();
        console.line("""

                API      %1$s/api/v1
                API key  %2$s   (tenant dev-premium; more: ./sluice keys%3$s)

                Publish an event:
                  curl -i %1$s/api/v1/events -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/cloudevents+json' \\
                    -d '{"specversion":"1.0","type":"order.created","subject":"order/42","data":{"total":99}}'
                Send such events to an address of yours, signed:
                  curl -i %1$s/api/v1/webhooks -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' \\
                    -d '{"url":"http://127.0.0.1:9999/hook","eventTypes":["order.*"]}'
                Keep a value, read it, and see the hit rate:
                  curl -i -X PUT %1$s/api/v1/cache/namespaces/demo/keys/greeting -H 'Authorization: Bearer %2$s' -d 'hello' && \\
                  curl -i %1$s/api/v1/cache/namespaces/demo/keys/greeting -H 'Authorization: Bearer %2$s' && \\
                  curl -i %1$s/api/v1/cache/stats -H 'Authorization: Bearer %2$s'
                """.formatted(gateway, key, stateHint));
    }
}
