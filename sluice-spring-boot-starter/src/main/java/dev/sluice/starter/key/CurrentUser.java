package dev.sluice.starter.key;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says who asks. Beans of it are asked in their order, until one knows. */
@FunctionalInterface
public interface CurrentUser {

    /**
     * The name of the authenticated user, unique among all users of the application; empty when this source knows none.
     *
     * @param arguments those of the cached method
     */
    Optional<String> find(@Nullable Object[] arguments);
}
