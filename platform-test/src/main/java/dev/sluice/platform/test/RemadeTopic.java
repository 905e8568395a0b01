package dev.sluice.platform.test;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;

/** A topic that somebody deletes and makes anew while it is in use. */
public final class RemadeTopic {

    private static final long ANSWER_SECONDS = 30;

    private RemadeTopic() {}

    /** Makes it with as many partitions and the broker's settings; returns when it is there. */
    public static void make(String bootstrapServers, String name) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            TopicDescription before = Objects.requireNonNull(admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .get(name));
            NewTopic anew = new NewTopic(name, before.partitions().size(), (short) 1);
            admin.deleteTopics(List.of(name)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            while (!isMade(admin, anew)) {
                Thread.onSpinWait();
            }
        }
    }

    /** False while the broker still deletes the one of before. */
    private static boolean isMade(Admin admin, NewTopic topic) throws Exception {
        try {
            admin.createTopics(List.of(topic)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }
}
