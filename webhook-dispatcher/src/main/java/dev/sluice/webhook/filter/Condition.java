package dev.sluice.webhook.filter;

import java.util.List;

/** What an event may fulfil. Pure. */
sealed interface Condition {

    boolean holds(FilteredEvent event);

    /** All of them hold. */
    record And(List<Condition> conditions) implements Condition {

        @Override
        public boolean holds(FilteredEvent event) {
            for (Condition condition : conditions) {
                if (!condition.holds(event)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** At least one of them holds. */
    record Or(List<Condition> conditions) implements Condition {

        @Override
        public boolean holds(FilteredEvent event) {
            for (Condition condition : conditions) {
                if (condition.holds(event)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** It does not hold. */
    record Not(Condition condition) implements Condition {

        @Override
        public boolean holds(FilteredEvent event) {
            return !condition.holds(event);
        }
    }

    /** What stands at a place passes every check. */
    record At(Place place, List<Check> checks) implements Condition {

        @Override
        public boolean holds(FilteredEvent event) {
            var value = place.find(event);
            for (Check check : checks) {
                if (!check.passes(value)) {
                    return false;
                }
            }
            return true;
        }
    }
}
