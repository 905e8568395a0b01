package dev.sluice.starter.key;

import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** The user of Spring Security in the context of a reactive chain. An anonymous one is none. */
public final class ReactiveSecurityUser implements ReactiveCurrentUser {

    @Override
    public Mono<String> find(ContextView context) {
        return ReactiveSecurityContextHolder.getContext()
                .flatMap(security -> Mono.justOrEmpty(SecurityUser.nameOf(security.getAuthentication())))
                .contextWrite(context);
    }
}
