package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.LeaseCell.Stock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of limits that are decided together, with room for what is found out of each while one request is decided, so that
 * nothing is allocated for it but the decision. Not thread-safe.
 */
final class LeaseGroup {

    private final LeaseCell[] cells;
    private final Stock[] stocks;
    private final LimitUse[] uses;
    private boolean runsLow;

    LeaseGroup(List<LeaseCell> cells) {
        this.cells = cells.toArray(LeaseCell[]::new);
        this.stocks = new Stock[this.cells.length];
        this.uses = new LimitUse[this.cells.length];
    }

    LeaseCell[] cells() {
        return cells;
    }

    void offered(long cost, long now) {
        for (LeaseCell cell : cells) {
            cell.offered(cost, now);
        }
    }

    /** Whether a lease ran low with the last decision. */
    boolean runsLow() {
        return runsLow;
    }

    /** Whether a limit is reached that refuses. */
    boolean refuses(long cost, long now) {
        boolean refuses = false;
        for (int i = 0; i < cells.length; i++) {
            stocks[i] = cells[i].stock(cost, now);
            refuses |= stocks[i] == Stock.NONE && cells[i].limit().mode() == Limit.Mode.ENFORCE;
        }
        return refuses;
    }

    /**
     * Decides by what is held, and charges what is admitted; all limits are decided before any is charged.
     *
     * @param horizon for how long a lease is to last
     * @return null when the shared counts have to be asked first
     */
    @Nullable
    LimitDecision decide(long cost, long horizon, long now) {
        boolean refused = refuses(cost, now);
        if (!refused && isAnyUnknown()) {
            return null;
        }
        runsLow = false;
        for (int i = 0; i < cells.length; i++) {
            LeaseCell cell = cells[i];
            Stock stock = stocks[i];
            if (!refused && (stock == Stock.ENOUGH || cell.limit().mode() == Limit.Mode.SOFT)) {
                cell.spend(cost, now);
                runsLow |= cell.wantsMore(horizon, now);
            }
            uses[i] = cell.use(refused && stock == Stock.UNKNOWN ? Stock.ENOUGH : stock, cost, now);
        }
        List<LimitUse> told = List.of(uses);
        return new LimitDecision(Verdict.of(told), told, List.of());
    }

    private boolean isAnyUnknown() {
        for (Stock stock : stocks) {
            if (stock == Stock.UNKNOWN) {
                return true;
            }
        }
        return false;
    }
}
