package dev.sluice.starter.key;

import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Says who asks by the context of a reactive chain. Beans of it are asked in their order, where no {@link CurrentUser} knows. */
@FunctionalInterface
public interface ReactiveCurrentUser {

    /** The name of the authenticated user, unique among all users of the application; empty when this source knows none. */
    Mono<String> find(ContextView context);
}
