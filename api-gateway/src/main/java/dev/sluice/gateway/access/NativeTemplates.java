package dev.sluice.gateway.access;

import java.util.List;

/** Patterns of paths that the platform answers itself but no controller does. */
public record NativeTemplates(List<String> patterns) {

    public NativeTemplates {
        patterns = List.copyOf(patterns);
    }
}
