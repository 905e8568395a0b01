package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.LeaseBook.Waiting;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One book and one ledger, step by step. */
class LeaseBookTest {

    private static final LeaseTerms TERMS = LeaseTerms.DEFAULT;
    /** Half a second before the end of a minute. */
    private static final long START = Limits.micros("2026-01-31T12:00:59.5Z");

    private final LeaseLedger ledger = new LeaseLedger();
    private final LeaseBook book = new LeaseBook("one", TERMS);
    /** Of the book's own clock, which has nothing to do with the ledger's. */
    private long now = 77;

    private long number;

    @Test
    void asksFirstAndThenSpendsWhatItHolds() {
        List<Limit> limits = List.of(quota(1_000));
        assertThat(book.decide(limits, 3, now)).isNull();
        LeaseCall call = ask(limits, 3);
        assertThat(call.lines().getFirst().need()).isEqualTo(3);
        assertThat(decided(limits, 3).verdict()).isEqualTo(Verdict.ADMITTED);
        assertThat(book.holds()).isFalse();
    }

    @Test
    void asksAgainForOneWhoLookedAtTheClockBeforeOthersSpentTheLease() {
        List<Limit> limits = List.of(quota(1_000));
        assertThat(book.decide(limits, 3, now)).isNull();
        long early = now;
        now += 50;
        ask(limits, 3);
        assertThat(decided(limits, 3).verdict()).isEqualTo(Verdict.ADMITTED);
        assertThat(book.tryAgain(limits, 3, early)).isNull();
    }

    @Test
    void makesOneCallAtATimeAndAsksAgainAtHalf() {
        List<Limit> limits = List.of(quota(100_000));
        warmUp(limits);
        while (!book.isRefillDue()) {
            assertThat(decided(limits, 1).verdict()).isEqualTo(Verdict.ADMITTED);
        }
        LeaseCall call = book.refill(++number, List.of(), now);
        assertThat(call).isNotNull();
        assertThat(book.isRefillDue()).isFalse();
        assertThat(book.refill(++number, List.of(), now)).isNull();
        assertThat(decided(limits, 1).verdict()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void spendsNothingAfterTheEndOfTheWindow() {
        List<Limit> limits = List.of(Limits.of("minute", new CalendarWindow(Period.MINUTE, 100_000), Mode.ENFORCE));
        warmUp(limits);
        assertThat(book.holds()).isTrue();
        now = 77 + 499_999;
        assertThat(book.decide(limits, 1, now)).isNotNull();
        now += 1;
        assertThat(book.decide(limits, 1, now)).isNull();
    }

    @Test
    void spendsNothingAfterTheLifeOfTheLease() {
        List<Limit> limits = List.of(Limits.rate(100_000, 100_000));
        warmUp(limits);
        long asked = now;
        now = asked + TERMS.life() - 1;
        assertThat(book.decide(limits, 1, now)).isNotNull();
        now = asked + TERMS.life();
        assertThat(book.decide(limits, 1, now)).isNull();
    }

    @Test
    void givesBackWhatIsIdle() {
        List<Limit> limits = List.of(quota(100_000));
        long admitted = warmUp(limits);
        assertThat(book.giveBackIdle(++number, now)).isNull();
        now += TERMS.idle();
        exchange(Objects.requireNonNull(book.giveBackIdle(++number, now)));
        assertThat(book.holds()).isFalse();
        assertThat(used(limits)).isEqualTo(admitted);
    }

    @Test
    void givesEverythingBackWhenItIsClosedAndDecidesNoMore() {
        List<Limit> limits = List.of(quota(100_000));
        long admitted = warmUp(limits);
        ledger.lease(Objects.requireNonNull(book.close(++number, now)), shared());
        assertThat(used(limits)).isEqualTo(admitted);
        assertThat(book.decide(limits, 1, now)).isNull();
        assertThat(book.close(++number, now)).isNull();
    }

    @Test
    void takesNoAnswerThatWasOvertakenForALoss() {
        List<Limit> limits = List.of(quota(1_000));
        confirm(limits, book.mark(limits, now), ledger.decide(limits, 5, shared()));
        LeaseBook.Mark first = book.mark(limits, now);
        LeaseBook.Mark second = book.mark(limits, now);
        LimitDecision overtaken = ledger.decide(limits, 5, shared());
        confirm(limits, second, ledger.decide(limits, 5, shared()));
        confirm(limits, first, overtaken);
        assertThat(book.owes()).isFalse();
    }

    @Test
    void tellsCountsThatWereLostWhatTheyHadCharged() {
        List<Limit> limits = List.of(quota(1_000));
        confirm(limits, book.mark(limits, now), ledger.decide(limits, 5, shared()));
        LeaseLedger another = new LeaseLedger();
        confirm(limits, book.mark(limits, now), another.decide(limits, 5, shared()));
        another.lease(Objects.requireNonNull(book.giveBackIdle(++number, now)), shared());
        assertThat(another.decide(limits, 0, shared()).uses().getFirst().used()).isEqualTo(10);
    }

    private void confirm(List<Limit> limits, LeaseBook.Mark asked, LimitDecision decision) {
        assertThat(book.confirm(limits, decision, 5, asked, now)).isEqualTo(decision);
    }

    @Test
    void remembersForAWhileThatALimitIsReached() {
        List<Limit> limits = List.of(quota(1_000));
        ledger.decide(limits, 1_000, shared());
        assertThat(book.decide(limits, 1, now)).isNull();
        ask(limits, 1);
        assertThat(decided(limits, 1).verdict()).isEqualTo(Verdict.DENIED);
        assertThat(decided(limits, 1).uses().getFirst().remaining()).isZero();
        now += TERMS.settledRecheck();
        assertThat(book.decide(limits, 1, now)).isNull();
    }

    @Test
    void asksSoonerWhileOthersMayGiveBack() {
        List<Limit> limits = List.of(quota(1_000));
        LeaseBook other = new LeaseBook("other", TERMS);
        assertThat(other.decide(limits, 1_000, now)).isNull();
        LeaseCall greedy = Objects.requireNonNull(other.refill(++number, List.of(new Waiting(limits, 1_000)), now));
        other.answered(greedy, ledger.lease(greedy, shared()), now, now);
        assertThat(book.decide(limits, 1, now)).isNull();
        ask(limits, 1);
        now += TERMS.recheck() - 1;
        assertThat(decided(limits, 1).verdict()).isEqualTo(Verdict.DENIED);
        now += 1;
        assertThat(book.decide(limits, 1, now)).isNull();
    }

    @Test
    void chargesNoLimitWhenOneRefuses() {
        Limit wide = quota(100_000);
        Limit narrow = Limits.of("narrow", new CalendarWindow(Period.DAY, 1_000), Mode.ENFORCE);
        ledger.decide(List.of(narrow), 1_000, shared());
        List<Limit> both = List.of(wide, narrow);
        assertThat(book.decide(both, 1, now)).isNull();
        ask(both, 1);
        LimitDecision refused = decided(both, 1);
        assertThat(refused.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(refused.uses().getFirst().used()).isZero();
        assertThat(refused.uses().getFirst().exceeded()).isFalse();
    }

    @Test
    void admitsOverSoftAndShadowLimitsAndCountsOnlyTheSoft() {
        Limit soft = Limits.of("soft", new CalendarWindow(Period.DAY, 1_000), Mode.SOFT);
        Limit shadow = Limits.of("shadow", new CalendarWindow(Period.DAY, 1_000), Mode.SHADOW);
        List<Limit> both = List.of(soft, shadow);
        ledger.decide(both, 1_000, shared());
        assertThat(book.decide(both, 5, now)).isNull();
        ask(both, 5);
        assertThat(decided(both, 5).verdict()).isEqualTo(Verdict.SOFT_EXCEEDED);
        ledger.lease(Objects.requireNonNull(book.close(++number, now)), shared());
        assertThat(ledger.decide(both, 0, shared()).uses().stream().map(LimitUse::used))
                .containsExactly(1_005L, 1_000L);
    }

    @Test
    void neverTellsThatMoreIsLeftThanBeforeInAWindow() {
        List<Limit> limits = List.of(quota(3_000));
        LeaseBook other = new LeaseBook("other", TERMS);
        long before = 3_000;
        for (int i = 0; i < 3_200; i++) {
            now += 200;
            if (i % 100 == 50) {
                // Another gateway takes some and gives them back.
                other.decide(limits, 40, now);
                LeaseCall taken = other.refill(++number, List.of(new Waiting(limits, 40)), now);
                if (taken != null) {
                    other.answered(taken, ledger.lease(taken, shared()), now, now);
                }
            }
            if (i % 100 == 80) {
                LeaseCall back = other.giveBackIdle(++number, now + TERMS.idle());
                if (back != null) {
                    other.answered(back, ledger.lease(back, shared()), now, now);
                }
            }
            long remaining = decided(limits, 1).uses().getFirst().remaining();
            assertThat(remaining).isBetween(0L, before);
            before = remaining;
        }
        assertThat(before).isZero();
    }

    @Test
    void reportsWhatWasAdmittedMeanwhileWhenTheCountsAreBackAndAgainWhenTheyAreLost() {
        List<Limit> limits = List.of(quota(1_000));
        book.owe(limits, 7, now, shared());
        assertThat(book.owes()).isTrue();
        exchange(Objects.requireNonNull(book.refill(++number, List.of(), now)));
        assertThat(book.owes()).isFalse();
        assertThat(used(limits)).isEqualTo(7);
        LeaseLedger empty = new LeaseLedger();
        assertThat(book.decide(limits, 1, now)).isNull();
        LeaseCall call = Objects.requireNonNull(book.refill(++number, List.of(new Waiting(limits, 1)), now));
        LeaseReply reply = empty.lease(call, shared() + 1);
        assertThat(reply.lines().getFirst().state().amount()).isEqualTo(8);
    }

    private static Limit quota(long quota) {
        return Limits.of("quota", new CalendarWindow(Period.DAY, quota), Mode.ENFORCE);
    }

    /** Ten requests each millisecond until there is a lease of some size; returns how many were admitted. */
    private long warmUp(List<Limit> limits) {
        long start = now;
        for (int i = 0; i < 1_000; i++) {
            now = start + i * 100L;
            decided(limits, 1);
        }
        exchange(Objects.requireNonNull(book.refill(++number, List.of(new Waiting(limits, 400)), now)));
        return 1_000;
    }

    private LimitDecision decided(List<Limit> limits, long cost) {
        LimitDecision decision = book.decide(limits, cost, now);
        if (decision != null) {
            return decision;
        }
        ask(limits, cost);
        return Objects.requireNonNull(book.tryAgain(limits, cost, now));
    }

    private LeaseCall ask(List<Limit> limits, long cost) {
        LeaseCall call = Objects.requireNonNull(book.refill(++number, List.of(new Waiting(limits, cost)), now));
        exchange(call);
        return call;
    }

    private void exchange(LeaseCall call) {
        book.answered(call, ledger.lease(call, shared()), now, now);
    }

    private long used(List<Limit> limits) {
        // With a cost, as what is held is not counted by a look.
        return ledger.decide(limits, 1, shared()).uses().getFirst().used() - 1;
    }

    private long shared() {
        return START + now - 77;
    }
}
