package dev.sluice.gateway.tier;

import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads tiers from YAML, a map of name to tier. What is wrong is refused with the path to it. Pure. */
final class TierYaml {

    private TierYaml() {}

    /** The tiers in their order in the document. */
    static Map<String, Tier> parse(String yaml, Instant updatedAt) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object document;
        try {
            document = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the tiers are not valid YAML: " + e.getMessage(), e);
        }
        TierNode root = TierNode.ofYaml("tiers", document);
        Map<String, Tier> tiers = new LinkedHashMap<>();
        root.entries().forEach((name, node) -> tiers.put(node.checkName(name), TierReader.tier(name, node, updatedAt)));
        if (tiers.isEmpty()) {
            throw root.wrong("must have at least one tier");
        }
        return tiers;
    }
}
