package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.Rewrite;

/** The request target that an upstream gets: what the caller sent, byte for byte, but for the route's prefixes. Pure. */
final class UpstreamPath {

    private UpstreamPath() {}

    /** @param target raw path and query as the caller sent them; the path has the route's prefix */
    static String of(String target, Rewrite rewrite) {
        if (rewrite.stripPrefix().isEmpty() && rewrite.addPrefix().isEmpty()) {
            return target;
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        String rest = query < 0 ? "" : target.substring(query);
        String kept = rewrite.stripPrefix().map(prefix -> strip(path, prefix)).orElse(path);
        String added = rewrite.addPrefix().map(UpstreamPath::withoutSlash).orElse("");
        if (kept.equals("/") && !added.isEmpty()) {
            return added + rest;
        }
        return added + kept + rest;
    }

    /** Counts segments instead of comparing them: the path may spell the prefix with escapes. */
    private static String strip(String path, String prefix) {
        String bare = withoutSlash(prefix);
        long segments = bare.chars().filter(c -> c == '/').count();
        int end = 0;
        for (long segment = 0; segment < segments; segment++) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return "/";
            }
        }
        return path.substring(end);
    }

    private static String withoutSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }
}
