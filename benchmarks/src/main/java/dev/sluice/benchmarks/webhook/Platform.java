package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is asked of the platform besides taking events. */
public final class Platform {

    private static final Pattern FIELD = Pattern.compile("\"(id|key|secret)\":\"([^\"]+)\"");

    private final URI gateway;
    private final String admin;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public Platform(URI gateway, String admin) {
        this.gateway = gateway;
        this.admin = admin;
    }

    /** A tenant whose limits nobody reaches; answers its key. */
    public String newTenant(String tenant) throws IOException, InterruptedException {
        send(admin, "PUT", "/api/v1/tiers/benchmark", """
                {"description":"For benchmarks.","limits":[
                  {"name":"rate","group":"*","window":"second","quota":10000000,"burst":20000000}]}""");
        send(admin, "PUT", "/api/v1/tenants/" + tenant, """
                {"name":"Benchmark","tier":"benchmark"}""");
        String made = send(admin, "POST", "/api/v1/keys?wait=all", """
                {"name":"benchmark","tenant":"%s","environment":"test",
                 "scopes":["events:write","webhooks:read","webhooks:write"]}""".formatted(tenant));
        return field(made, "key");
    }

    /** @param more further members of the webhook's document, each with a comma before it */
    void register(String key, Hook hook, String eventType, String more) throws IOException, InterruptedException {
        String made = send(key, "POST", "/api/v1/webhooks", """
                {"url":"%s","eventTypes":["%s"]%s}""".formatted(hook.url(), eventType, more));
        hook.registered(field(made, "id"), field(made, "secret"));
    }

    void post(String key, Hook hook, String action) throws IOException, InterruptedException {
        String _ = send(key, "POST", "/api/v1/webhooks/" + hook.id() + '/' + action, "");
    }

    /** What a GET is answered with; 0 while nobody answers. */
    int status(String key, String path) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve(path))
                .header("X-API-Key", key)
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private String send(String key, String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path))
                .header("X-API-Key", key)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> answer = http.send(
                (body.isEmpty() ? request : request.header("Content-Type", "application/json")).build(),
                BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException("%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    private static String field(String json, String name) {
        Matcher fields = FIELD.matcher(json);
        while (fields.find()) {
            if (fields.group(1).equals(name)) {
                return fields.group(2);
            }
        }
        throw new IllegalArgumentException("there is no " + name + " in the answer");
    }
}
