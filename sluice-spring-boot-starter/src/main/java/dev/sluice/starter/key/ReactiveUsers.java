package dev.sluice.starter.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Finds the users of reactive methods that are cached for each user. A key is made when the method is called, or when what it returns has come to its
 * end, and both know nothing of who subscribes. So the call is put off until somebody does; then it gets arguments of its own, by
 * whose identity the user is found whenever a key of them is made. Thread-safe.
 */
public final class ReactiveUsers extends StaticMethodMatcherPointcutAdvisor implements CurrentUser {

    private static final long serialVersionUID = 1L;

    /** Outside of the cache, whose place is the innermost unless the application says otherwise. */
    private static final int ORDER = Ordered.LOWEST_PRECEDENCE - 1_000;

    private final transient Cache<Object, String> users =
            Caffeine.newBuilder().weakKeys().build();
    private final transient AnnotationCacheOperationSource caches = new AnnotationCacheOperationSource(true);
    private final String keyGenerator;

    /**
     * Who is asked.
     *
     * @param keyGenerator the name of the one that makes keys by user
     * @param others who may know without a chain
     */
    public ReactiveUsers(
            String keyGenerator, Supplier<List<CurrentUser>> others, Supplier<List<ReactiveCurrentUser>> sources) {
        this.keyGenerator = keyGenerator;
        setOrder(ORDER);
        Advice advice = (MethodInterceptor) call -> {
            boolean known = others.get().stream()
                    .anyMatch(other -> other.find(call.getArguments()).isPresent());
            return known ? call.proceed() : later(call, sources.get());
        };
        setAdvice(advice);
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return (method.getReturnType() == Mono.class || method.getReturnType() == Flux.class)
                && isByUser(caches.getCacheOperations(method, targetClass));
    }

    private boolean isByUser(@Nullable Collection<CacheOperation> operations) {
        return operations != null
                && operations.stream()
                        .anyMatch(operation -> operation.getKeyGenerator().equals(keyGenerator));
    }

    @Override
    public Optional<String> find(@Nullable Object[] arguments) {
        return Optional.ofNullable(users.getIfPresent(arguments));
    }

    private Publisher<?> later(MethodInvocation call, List<ReactiveCurrentUser> sources) {
        return call.getMethod().getReturnType() == Flux.class
                ? Flux.deferContextual(context -> user(context, sources).flatMapMany(user -> called(call, user)))
                : Mono.deferContextual(
                        context -> user(context, sources).flatMap(user -> Mono.from(called(call, user))));
    }

    private static Mono<Optional<String>> user(ContextView context, List<ReactiveCurrentUser> sources) {
        return Flux.fromIterable(sources)
                .concatMap(source -> source.find(context))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private Publisher<?> called(MethodInvocation call, Optional<String> user) {
        @Nullable Object[] arguments = call.getArguments().clone();
        user.ifPresent(name -> users.put(arguments, name));
        try {
            Object answer =
                    ((ProxyMethodInvocation) call).invocableClone(arguments).proceed();
            return answer instanceof Publisher<?> publisher ? publisher : Mono.empty();
        } catch (Throwable e) {
            return Mono.error(e);
        }
    }
}
