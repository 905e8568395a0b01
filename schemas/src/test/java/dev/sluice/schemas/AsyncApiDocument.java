package dev.sluice.schemas;

import dev.sluice.schemas.TopicDescriptor.Cleanup;

/** The text of docs/asyncapi.yaml. */
final class AsyncApiDocument {
    private static final String HEAD = """
            # Made from `Topics`; a test fails when this document says otherwise.
            asyncapi: 3.0.0
            info:
              title: Sluice on the log
              version: 0.1.0
              description: >-
                Every topic. Keys are UTF-8 strings. Values are Avro in the Confluent wire format: a zero byte, the schema id in
                four bytes, the record. Ids are fixed and served by the gateway under /schema-registry. Records are compressed
                with lz4. Clients of their own may read all topics; only the services named write them.
            defaultContentType: application/vnd.apache.avro+binary
            servers:
              local:
                host: 127.0.0.1:19092
                protocol: kafka
                description: A local platform.
                bindings:
                  kafka:
                    schemaRegistryUrl: http://127.0.0.1:8080/schema-registry
                    schemaRegistryVendor: confluent
            """;

    private AsyncApiDocument() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD).append("channels:\n");
        Topics.all().forEach(topic -> text.append(channel(topic)));
        text.append("operations:\n");
        Topics.all().forEach(topic -> text.append(operation(topic)));
        text.append("components:\n  messages:\n");
        Topics.all().stream()
                .map(topic -> topic.valueType().getSimpleName())
                .distinct()
                .sorted()
                .forEach(record -> text.append(message(record)));
        return text.toString();
    }

    private static String channel(TopicDescriptor<?> topic) {
        return """
                  %1$s:
                    address: %1$s
                    title: %2$s
                    description: Written by %3$s; read by %4$s.
                    messages:
                      %5$s:
                        $ref: '#/components/messages/%5$s'
                    bindings:
                      kafka:
                        topic: %1$s
                        partitions: %6$d
                        topicConfiguration:
                          cleanup.policy: [%7$s]
                          retention.ms: %8$d
                    x-key: %9$s
                """.formatted(
                topic.name(),
                quoted(topic.purpose()),
                String.join(", ", topic.producers()),
                String.join(", ", topic.consumers()),
                topic.valueType().getSimpleName(),
                topic.partitions(),
                cleanup(topic.cleanup()),
                topic.cleanup() == Cleanup.COMPACT ? -1 : topic.retention().toMillis(),
                quoted(topic.key()));
    }

    private static String operation(TopicDescriptor<?> topic) {
        return """
                  read.%1$s:
                    action: receive
                    channel:
                      $ref: '#/channels/%1$s'
                """.formatted(topic.name());
    }

    private static String message(String record) {
        int version = SchemaCatalogue.shared().history(record).getLast().version();
        return """
                    %1$s:
                      name: %1$s
                      contentType: application/vnd.apache.avro+binary
                      payload:
                        schemaFormat: application/vnd.apache.avro;version=1.9.0
                        schema:
                          $ref: ../schemas/src/main/resources/schema-history/%1$s/v%2$d.avsc
                      bindings:
                        kafka:
                          key: {type: string}
                          schemaIdLocation: payload
                          schemaIdPayloadEncoding: confluent
                          schemaLookupStrategy: TopicNameStrategy
                """.formatted(record, version);
    }

    private static String cleanup(Cleanup cleanup) {
        return switch (cleanup) {
            case DELETE -> "delete";
            case COMPACT -> "compact";
            case COMPACT_DELETE -> "compact, delete";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
