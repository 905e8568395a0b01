package dev.sluice.starter.key;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The user of Spring Security on this thread. An anonymous one is none. */
public final class SecurityUser implements CurrentUser {

    @Override
    public Optional<String> find(@Nullable Object[] arguments) {
        return nameOf(SecurityContextHolder.getContext().getAuthentication());
    }

    static Optional<String> nameOf(@Nullable Authentication authentication) {
        return Optional.ofNullable(authentication)
                .filter(Authentication::isAuthenticated)
                .filter(one -> !(one instanceof AnonymousAuthenticationToken))
                .map(Authentication::getName);
    }
}
