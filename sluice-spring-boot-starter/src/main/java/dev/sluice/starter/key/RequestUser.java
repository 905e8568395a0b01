package dev.sluice.starter.key;

import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The user of the servlet request on this thread: its principal, else a header that a trusted proxy sets, where one is
 * configured.
 */
public final class RequestUser implements CurrentUser {

    private final String header;

    /**
     * One that believes a header.
     *
     * @param header empty for none
     */
    public RequestUser(String header) {
        this.header = header;
    }

    @Override
    public Optional<String> find(@Nullable Object[] arguments) {
        RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
        if (!(attributes instanceof ServletRequestAttributes request)) {
            return Optional.empty();
        }
        Principal principal = request.getRequest().getUserPrincipal();
        if (principal != null) {
            return Optional.of(principal.getName());
        }
        return header.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(request.getRequest().getHeader(header)).filter(name -> !name.isBlank());
    }
}
