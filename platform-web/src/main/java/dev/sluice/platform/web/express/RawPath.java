package dev.sluice.platform.web.express;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;

/** A path as it was sent, taken apart when somebody asks for its parts. */
final class RawPath implements RequestPath {

    private static final PathContainer NO_CONTEXT = PathContainer.parsePath("");

    private final String value;
    private @Nullable PathContainer parsed;

    RawPath(String value) {
        this.value = value;
    }

    @Override
    public String value() {
        return value;
    }

    @Override
    public List<Element> elements() {
        PathContainer known = parsed;
        if (known == null) {
            known = PathContainer.parsePath(value);
            parsed = known;
        }
        return known.elements();
    }

    @Override
    public PathContainer contextPath() {
        return NO_CONTEXT;
    }

    @Override
    public PathContainer pathWithinApplication() {
        return this;
    }

    @Override
    public RequestPath modifyContextPath(String contextPath) {
        return RequestPath.parse(value, contextPath);
    }

    @Override
    public String toString() {
        return value;
    }
}
