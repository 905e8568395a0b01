package dev.sluice.gateway.express;

import dev.sluice.gateway.route.NativePaths;
import dev.sluice.platform.web.express.PlainRequests;
import reactor.netty.http.server.HttpServerRequest;

/** Plain requests to paths that routes may have. Pure. */
final class RoutedRequests {

    private RoutedRequests() {}

    static boolean contain(HttpServerRequest request) {
        return PlainRequests.contain(request) && mayBeRouted(request.uri());
    }

    /** Of a plain target: whether its path is none of the platform's own. */
    static boolean mayBeRouted(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return !NativePaths.contain(path) && !NativePaths.isRoot(path);
    }
}
