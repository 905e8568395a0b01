package dev.sluice.platform.kafka;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/** Sends what a Streams application cannot read to the poison topic, in the same transaction, and goes on. */
public final class StreamsPoisonHandler implements DeserializationExceptionHandler {
    private String applicationId = "streams";
    private int maxCopyBytes = KafkaClients.HEADER_ROOM_BYTES;

    @Override
    public void configure(Map<String, ?> settings) {
        applicationId = String.valueOf(settings.get("application.id"));
        Object maxRequest = settings.get("producer." + ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        if (maxRequest != null) {
            maxCopyBytes = Integer.parseInt(maxRequest.toString());
        }
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return Response.resume(List.of(PoisonHeaders.copyOf(record, applicationId, exception, maxCopyBytes)));
    }
}
