package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The steps that may be taken next, and those that were taken. Which comes next is decided by whoever chooses. */
final class Schedule {

    /** A step, and whether it may be taken now. */
    private record Step(String what, BooleanSupplier possible, Runnable run) {}

    private final Choices choices;
    private final Runnable beforeEach;
    private final Runnable afterEach;
    private final List<Step> open = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private boolean choosing = true;

    /** Decides. Every answer is from zero to below how many there are. */
    interface Choices {

        int one(int options);

        /** Of the steps that are possible, in the order in which they were offered. */
        int step(int options);
    }

    Schedule(Choices choices, Runnable beforeEach, Runnable afterEach) {
        this.choices = choices;
        this.beforeEach = beforeEach;
        this.afterEach = afterEach;
    }

    /** To be taken once, at any time from now on at which it is possible. */
    void offer(String what, BooleanSupplier possible, Runnable run) {
        open.add(new Step(what, possible, run));
    }

    /** One of so many. */
    int choose(int options) {
        return choosing ? choices.one(options) : 0;
    }

    /** False when there is none. */
    boolean takeOne() {
        List<Step> possible =
                open.stream().filter(step -> step.possible.getAsBoolean()).toList();
        if (possible.isEmpty()) {
            return false;
        }
        Step step = possible.get(choosing && possible.size() > 1 ? choices.step(possible.size()) : 0);
        open.remove(step);
        beforeEach.run();
        note(step.what);
        step.run.run();
        afterEach.run();
        return true;
    }

    void takeAll() {
        while (takeOne()) {
            if (taken.size() > 5_000) {
                throw new AssertionError("the schedule does not end:\n" + this);
            }
        }
    }

    boolean isOpen() {
        return open.stream().anyMatch(step -> step.possible.getAsBoolean());
    }

    /** Nothing is chosen any more: the first that is possible comes next. */
    void settle() {
        choosing = false;
    }

    void note(String what) {
        taken.add(what);
    }

    int length() {
        return taken.size();
    }

    /** A line for each step, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < taken.size(); i++) {
            text.append("%3d  %s%n".formatted(i + 1, taken.get(i)));
        }
        return text.toString();
    }
}
