package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.relay.RelayedAnswer;
import dev.sluice.gateway.responsecache.ResponseMeters.Outcome;
import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;

/** Lets an answer pass that the store has nothing to do with. */
record BypassTap(Visit visit, String reason) implements AnswerTap {

    @Override
    public Flux<ByteBuf> pass(RelayedAnswer answer, Flux<ByteBuf> body) {
        visit.meters().count(Outcome.BYPASS);
        answer.add(CacheStatus.FIELD, CacheStatus.forwarded(reason, /* stored= */ false));
        return body;
    }
}
