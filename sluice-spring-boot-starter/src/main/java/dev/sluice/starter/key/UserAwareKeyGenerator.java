package dev.sluice.starter.key;

import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleKey;

/**
 * Puts the authenticated user into each key, so that nobody is answered with what another asked. Where no user is known
 * it fails: an entry that all share would be somebody's.
 */
public final class UserAwareKeyGenerator implements KeyGenerator {

    /** 128 bits. */
    private static final int USER_DIGITS = 32;

    private final List<CurrentUser> sources;

    public UserAwareKeyGenerator(List<CurrentUser> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public Object generate(Object target, Method method, @Nullable Object... params) {
        String user = sources.stream()
                .map(source -> source.find(params))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody is authenticated where "
                        + method.getDeclaringClass().getSimpleName() + "." + method.getName()
                        + " is cached for each user: pass a Principal to it, call it in a request or a security context"
                        + " of the user, or define a bean of CurrentUser"));
        return new UserKey(StableKeyText.sha256(user).substring(0, USER_DIGITS), keyOf(params));
    }

    /** The principal is in the key already, and has no text of its own. */
    private static Object keyOf(@Nullable Object[] params) {
        Stream<@Nullable Object> others = Arrays.stream(params).filter(param -> !(param instanceof Principal));
        return new SimpleKey(others.toArray());
    }
}
