package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.signing.SymmetricKey;
import java.util.Optional;

/**
 * An endpoint as asked for, with everything in it checked.
 *
 * @param secret the one that was supplied, if any
 */
record EndpointDraft(EndpointTerms terms, Optional<SymmetricKey> secret) {

    /** Checks a request; all that is wrong with it is said at once. */
    static EndpointDraft of(CreateEndpoint request, UrlRules rules) {
        FieldChecks checks = new FieldChecks();
        Optional<EndpointTerms> terms = EndpointTerms.read(request.fields(), rules, checks);
        Optional<SymmetricKey> secret = Optional.ofNullable(request.secret())
                .map(text -> checks.checked("secret", "invalid_secret", () -> SymmetricKey.parse(text)));
        if (terms.isEmpty() || !checks.isClean()) {
            throw checks.problem();
        }
        return new EndpointDraft(terms.get(), secret);
    }
}
