package dev.sluice.gateway.apikey;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What became of each item of a batch of keys, in its order. */
final class KeyResults {

    /**
     * One item.
     *
     * @param done what a request for it alone would have been answered; null when it was refused
     */
    record Result(
            HttpStatus status,
            @Nullable KeyAnswer done,
            @Nullable ProblemException problem) {

        static Result done(HttpStatus status, KeyAnswer answer) {
            return new Result(status, answer, null);
        }

        static Result refused(ProblemException problem) {
            return new Result(HttpStatus.valueOf(problem.type().status()), null, problem);
        }
    }

    private final String field;
    private final List<Result> results;

    /** @param field the member of the request that has the items */
    KeyResults(String field, List<Result> results) {
        this.field = field;
        this.results = results;
    }

    /** 200 when each item was done, else 207. */
    HttpStatus status() {
        return refused().isEmpty() ? HttpStatus.OK : HttpStatus.MULTI_STATUS;
    }

    /** @throws ProblemException when every item was refused with one status, which then is that of the whole */
    Map<String, Object> body() {
        List<Map<String, Object>> described = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            described.add(describe(results.get(i), i));
        }
        List<ProblemException> refused = refused();
        boolean none = refused.size() == results.size()
                && results.stream().map(Result::status).distinct().count() == 1;
        if (none) {
            throw refused.getFirst().withExtension("results", described);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("done", results.size() - refused.size());
        body.put("refused", refused.size());
        body.put("results", described);
        return body;
    }

    private List<ProblemException> refused() {
        List<ProblemException> refused = new ArrayList<>();
        for (Result result : results) {
            ProblemException problem = result.problem();
            if (problem != null) {
                refused.add(problem);
            }
        }
        return refused;
    }

    private Map<String, Object> describe(Result result, int index) {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("status", result.status().value());
        if (result.done() != null) {
            described.put("key", result.done());
        }
        ProblemException problem = result.problem();
        if (problem != null) {
            described.put("pointer", "/" + field + "/" + index);
            described.put("problem", ProblemWriter.document(problem));
        }
        return described;
    }
}
