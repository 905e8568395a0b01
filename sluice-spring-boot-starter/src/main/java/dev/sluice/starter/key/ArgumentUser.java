package dev.sluice.starter.key;

import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The {@link Principal} among the arguments: what reactive code has, where no thread belongs to a user. */
public final class ArgumentUser implements CurrentUser {

    @Override
    public Optional<String> find(@Nullable Object[] arguments) {
        return Arrays.stream(arguments)
                .filter(Principal.class::isInstance)
                .map(argument -> ((Principal) argument).getName())
                .findFirst();
    }
}
