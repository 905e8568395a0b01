package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * What the producer of a batch is told: what became of each event, in the order of the batch.
 *
 * @param status 202 when all were taken, else 207
 * @param retryAfter for the Retry-After header; 0 when nothing is worth sending again
 */
record BatchAnswer(HttpStatus status, long retryAfter, Map<String, Object> body) {

    /** @throws ProblemException when every event was refused with one status, which then is that of the whole */
    static BatchAnswer of(List<Outcome> outcomes) {
        List<Map<String, Object>> results = new ArrayList<>(outcomes.size());
        List<ProblemException> problems = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Taken taken -> results.add(describe(taken));
                case Outcome.Refused refused -> {
                    problems.add(refused.problem());
                    results.add(describe(refused.problem(), i));
                }
            }
        }
        if (problems.size() == outcomes.size() && haveOneStatus(problems)) {
            throw problems.getFirst().withExtension("results", results);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("accepted", outcomes.size() - problems.size());
        body.put("refused", problems.size());
        body.put("results", results);
        HttpStatus status = problems.isEmpty() ? HttpStatus.ACCEPTED : HttpStatus.MULTI_STATUS;
        return new BatchAnswer(status, retryAfter(problems), body);
    }

    private static boolean haveOneStatus(List<ProblemException> problems) {
        return problems.stream()
                        .mapToInt(problem -> problem.type().status())
                        .distinct()
                        .count()
                == 1;
    }

    private static long retryAfter(List<ProblemException> problems) {
        return problems.stream()
                .map(problem -> problem.headers().get(HttpHeaders.RETRY_AFTER))
                .filter(seconds -> seconds != null)
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    private static Map<String, Object> describe(Outcome.Taken taken) {
        Map<String, Object> result = new LinkedHashMap<>();
        EventReceipt receipt = taken.receipt();
        result.put("status", HttpStatus.ACCEPTED.value());
        result.put("id", receipt.id());
        result.put("source", receipt.source());
        result.put("topic", receipt.topic());
        result.put("partition", receipt.partition());
        result.put("offset", receipt.offset());
        taken.check().tell().ifPresent(word -> result.put("idempotency", word));
        return result;
    }

    private static Map<String, Object> describe(ProblemException problem, int index) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("status", problem.type().status());
        result.put("pointer", pointer(problem, index));
        result.put("problem", ProblemWriter.document(problem));
        return result;
    }

    /** Where in the batch (RFC 6901): the attribute when the fault is one of an attribute, else the event. */
    private static String pointer(ProblemException problem, int index) {
        String item = "/" + index;
        if (problem.errors().isEmpty()) {
            return item;
        }
        String field = problem.errors().getFirst().field();
        // What is wrong within the data is told by a pointer.
        return field.startsWith("/")
                ? item + field
                : item + "/" + field.replace("~", "~0").replace("/", "~1");
    }
}
