package dev.sluice.gateway.responsecache;

import dev.sluice.platform.web.caching.Directives;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an answer tells this cache: the field that is for gateways like it, when that is there and valid, in place of
 * Cache-Control and Expires (RFC 9213, section 2.2). Pure.
 *
 * @param targeted whether it is that of the targeted field
 */
record AnswerDirectives(Directives directives, boolean targeted) {

    static final String TARGETED_FIELD = "CDN-Cache-Control";

    static AnswerDirectives of(Fields fields) {
        List<String> targeted = fields.all(TARGETED_FIELD);
        if (!targeted.isEmpty()) {
            Optional<Map<String, Object>> members = StructuredText.dictionary(targeted);
            if (members.isPresent() && !members.get().isEmpty()) {
                return new AnswerDirectives(Directives.of(members.get()), true);
            }
        }
        return new AnswerDirectives(Directives.parse(fields.all("Cache-Control")), false);
    }
}
