package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.gateway.route.CachePolicy.SetCookie;
import dev.sluice.gateway.route.CachePolicy.Share;
import dev.sluice.platform.web.caching.Directives;
import dev.sluice.platform.web.caching.ListText;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Which answers to GET are kept, and what of them (RFC 9111, section 3). Pure. */
final class Storability {

    /** Final statuses whose meaning for caches is known here, as must-understand asks (RFC 9111, section 5.2.2.3). */
    private static final Set<Integer> UNDERSTOOD =
            Set.of(200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501);

    /** Of one connection or one hop (RFC 9111, section 3.1), or told by the body. */
    private static final Set<String> NOT_KEPT = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final String PRIVATE = "private";
    private static final String SET_COOKIE = "set-cookie";

    private Storability() {}

    /** Who asked, as far as it decides who may get the answer. */
    enum Asker {
        /** The upstream knows nothing of the caller that others do not share. */
        ANYBODY,
        /** The upstream was told who asks. */
        SOMEBODY
    }

    /** Whether an answer may be kept at all; whether that is worth it, {@link Freshness} tells. */
    static boolean allows(int status, Fields fields, Asker asker, CachePolicy policy) {
        Directives directives = AnswerDirectives.of(fields).directives();
        boolean statusFits = status >= 200 && status != 206 && status != 304 && status <= 599;
        return statusFits
                && !isForbidden(status, directives)
                && isShareable(directives, asker, policy)
                && !(policy.setCookie() == SetCookie.PASS && fields.has(SET_COOKIE))
                && !VaryRule.isUnmatchable(fields);
    }

    private static boolean isForbidden(int status, Directives directives) {
        if (directives.has("must-understand")) {
            return !UNDERSTOOD.contains(status);
        }
        return directives.has("no-store");
    }

    private static boolean isShareable(Directives directives, Asker asker, CachePolicy policy) {
        boolean own = policy.share() == Share.KEY;
        if (directives.hasBare(PRIVATE)) {
            return own && asker == Asker.ANYBODY;
        }
        return asker == Asker.ANYBODY
                // RFC 9111, section 3.5.
                || directives.has("public")
                || directives.has("s-maxage")
                || directives.has("must-revalidate");
    }

    /** The fields that are kept of an answer: nothing of one hop, nor what it says is for one reader alone. */
    static Fields kept(Fields fields, CachePolicy policy) {
        Directives directives = AnswerDirectives.of(fields).directives();
        Set<String> dropped = new HashSet<>(NOT_KEPT);
        dropped.addAll(directives.fieldsOf("no-cache"));
        if (policy.share() != Share.KEY) {
            dropped.addAll(directives.fieldsOf(PRIVATE));
        }
        for (String name : ListText.split(fields.all("Connection"))) {
            dropped.add(name.toLowerCase(Locale.ROOT));
        }
        if (policy.setCookie() == SetCookie.STRIP) {
            dropped.add(SET_COOKIE);
            dropped.add("set-cookie2");
        }
        // Without these an answer means something else.
        dropped.removeAll(Set.of("cache-control", "content-type", "content-encoding", "vary"));
        return fields.only(name -> !dropped.contains(name));
    }
}
