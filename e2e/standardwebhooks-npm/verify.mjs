// Reads one captured delivery, {"secret", "headers", "body"}, from standard input. Succeeds only if the public library
// verifies it as it is and refuses it with a body, an id or a secret that was tampered with.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

function verifies(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) {
      console.error(`refused: ${error.message}`);
      return false;
    }
    throw error;
  }
}

function otherSecret(secret) {
  const bytes = Buffer.from(secret.slice("whsec_".length), "base64");
  bytes[0] ^= 1;
  return `whsec_${bytes.toString("base64")}`;
}

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
// A space keeps the body valid JSON: only the signature can tell.
const checks = {
  "the delivery verifies": verifies(secret, body, headers),
  "a tampered body is refused": !verifies(secret, `${body} `, headers),
  "a tampered id is refused": !verifies(secret, body, { ...headers, "webhook-id": `${headers["webhook-id"]}x` }),
  "another secret is refused": !verifies(otherSecret(secret), body, headers),
};
for (const [check, passed] of Object.entries(checks)) {
  console.log(`${passed ? "ok  " : "FAIL"} ${check}`);
}
process.exitCode = Object.values(checks).every(Boolean) ? 0 : 1;
