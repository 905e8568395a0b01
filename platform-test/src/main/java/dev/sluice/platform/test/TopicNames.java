package dev.sluice.platform.test;

import java.util.UUID;

/** Topic names that no other test uses, so that tests can share one broker. */
public final class TopicNames {

    private TopicNames() {}

    public static String unique(String purpose) {
        return "test." + purpose + "." + UUID.randomUUID();
    }
}
