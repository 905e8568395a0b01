package dev.sluice.gateway.tier;

import dev.sluice.gateway.table.JsonTree;
import dev.sluice.record.LimitRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The limits of one tenant or key alone, as documents have them. */
public final class LimitOverrides {

    private LimitOverrides() {}

    /** Reads a list of limits; none when there is no list. Refuses what is wrong, with its path. */
    public static List<LimitRule> read(String path, @Nullable JsonNode document) {
        if (document == null || document.isNull() || document.isMissingNode()) {
            return List.of();
        }
        try {
            return TierReader.limits(TierNode.ofJson(path, JsonTree.of(document)), Map.of());
        } catch (TierFault fault) {
            throw fault.toProblem();
        }
    }
}
