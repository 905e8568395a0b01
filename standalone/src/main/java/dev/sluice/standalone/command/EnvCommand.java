package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import dev.sluice.standalone.key.ApiKeyFormat;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints fresh secrets in the form that docker compose reads. */
@Command(name = "env", description = "Print fresh secrets for docker-compose.yml: ./sluice env > .env")
public final class EnvCommand implements Callable<Integer> {

    private static final int SECRET_BYTES = 32;
    /** Somebody types it. */
    private static final int PASSWORD_BYTES = 12;

    private final Console console;

    public EnvCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SecureRandom random = new SecureRandom();
        byte[] internal = new byte[SECRET_BYTES];
        byte[] webhook = new byte[SECRET_BYTES];
        byte[] grafana = new byte[PASSWORD_BYTES];
        random.nextBytes(internal);
        random.nextBytes(webhook);
        random.nextBytes(grafana);
        console.line("SLUICE_INTERNAL_SECRET="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(internal));
        console.line("SLUICE_GATEWAY_APIKEY_BOOTSTRAPADMIN=" + ApiKeyFormat.generate("live", random));
        console.line("SLUICE_WEBHOOK_SECRET_KEYS_0_ID=compose");
        console.line("SLUICE_WEBHOOK_SECRET_KEYS_0_KEY=" + Base64.getEncoder().encodeToString(webhook));
        console.line("SLUICE_GRAFANA_PASSWORD="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(grafana));
        return 0;
    }
}
