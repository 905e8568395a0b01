package dev.sluice.standalone.demo;

import dev.sluice.standalone.demo.ApiClient.Answer;
import java.io.IOException;
import java.util.List;

/** A caller on the free tier asks faster than it may: the answer is 429 with headers that say why and until when. */
final class LimitStep implements DemoStep {

    private static final int MOST_REQUESTS = 2_000;

    private final ApiClient api;

    LimitStep(ApiClient api) {
        this.api = api;
    }

    @Override
    public String title() {
        return "A tier limit answers 429";
    }

    @Override
    public List<Check> run() {
        for (int sent = 1; sent <= MOST_REQUESTS; sent++) {
            Answer answer = ask();
            if (answer.status() == 429) {
                return checks(answer, sent);
            }
        }
        return List.of(Check.that("429 seen", false, "none in " + MOST_REQUESTS + " requests"));
    }

    private static List<Check> checks(Answer answer, int sent) {
        String retryAfter = answer.header("Retry-After");
        String policy = answer.header("RateLimit-Policy");
        String limit = answer.header("RateLimit");
        String violated = answer.json().path("violated-policies").toString();
        return List.of(
                Check.that("429 seen", true, "at request " + sent),
                Check.that("Retry-After in seconds", retryAfter.matches("[1-9][0-9]*"), retryAfter),
                Check.that("RateLimit-Policy", policy.contains(";q="), policy),
                Check.that("RateLimit", limit.contains(";r="), limit),
                Check.that("problem names the violated policies", violated.startsWith("[\""), violated));
    }

    private Answer ask() {
        try {
            return api.send("GET", "/api/v1/webhooks", "", new byte[0]);
        } catch (IOException e) {
            throw new DemoFailedException("the gateway broke the connection", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        }
    }
}
