package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SigningKey;
import java.util.Optional;

/**
 * An endpoint as asked for, with everything in it checked.
 *
 * @param secret the one that was supplied, if any
 */
record EndpointDraft(EndpointTerms terms, Optional<SigningKey> secret) {

    /** Checks a request; all that is wrong with it is said at once. */
    static EndpointDraft of(CreateEndpoint request, UrlRules rules) {
        FieldChecks checks = new FieldChecks();
        Optional<EndpointTerms> terms = EndpointTerms.read(request.fields(), rules, checks);
        Optional<SigningKey> secret = Optional.ofNullable(request.secret())
                .map(text -> checks.checked("secret", "invalid_secret", () -> SigningKey.parse(text)));
        if (terms.isPresent()) {
            EndpointDraft draft = new EndpointDraft(terms.get(), secret);
            if (draft.secret().filter(key -> !draft.isUsed(key)).isPresent()) {
                checks.refuse(
                        "secret",
                        "invalid_secret",
                        "secret must be for the signatureScheme that is sent with it: whsec_ for v1, whsk_ for v1a");
            }
            if (checks.isClean()) {
                return draft;
            }
        }
        throw checks.problem();
    }

    /** How its requests are signed: as was asked for, else as the supplied secret does, else in v1. */
    Signatures signatures() {
        return terms.signatures()
                .or(() -> secret.map(SecretKeyring::schemeOf).map(Signatures::of))
                .orElse(Signatures.V1);
    }

    private boolean isUsed(SigningKey key) {
        return signatures().schemes().contains(SecretKeyring.schemeOf(key));
    }
}
