// Reads one captured delivery, {"publicKey", "jwks", "headers", "body"}, from standard input. Succeeds only if libraries that share no code
// with Java's verify its v1a signature, by the key that its owner is shown and by those of the set, and refuse what was tampered with.
import { readFileSync } from "node:fs";
import { verifyAsync } from "@noble/ed25519";
import { calculateJwkThumbprint, importJWK } from "jose";

const { publicKey, jwks, headers, body } = JSON.parse(readFileSync(0, "utf8"));

const signatures = headers["webhook-signature"]
  .split(" ")
  .filter((each) => each.startsWith("v1a,"))
  .map((each) => Buffer.from(each.slice("v1a,".length), "base64"));

function signed(id, text) {
  return Buffer.from(`${id}.${headers["webhook-timestamp"]}.${text}`);
}

async function verifiesByNoble(key, id, text) {
  const results = await Promise.all(signatures.map((signature) => verifyAsync(signature, signed(id, text), key)));
  return results.some(Boolean);
}

async function verifiesByJose(jwk, id, text) {
  const key = await importJWK(jwk);
  const results = await Promise.all(
    signatures.map((signature) => crypto.subtle.verify("Ed25519", key, signature, signed(id, text))),
  );
  return results.some(Boolean);
}

const raw = Buffer.from(publicKey.slice("whpk_".length), "base64");
const other = Buffer.from(raw);
other[0] ^= 1;
const id = headers["webhook-id"];
const thumbprints = await Promise.all(jwks.keys.map((jwk) => calculateJwkThumbprint(jwk)));
const byJose = await Promise.all(jwks.keys.map((jwk) => verifiesByJose(jwk, id, body)));
const checks = {
  "there is a v1a signature": signatures.length > 0,
  "the delivery verifies by its public key": await verifiesByNoble(raw, id, body),
  "the delivery verifies by the set of keys": byJose.some(Boolean),
  "the key that signs first comes first in the set": Buffer.from(jwks.keys[0].x, "base64url").equals(raw),
  "the names of the keys are their thumbprints": jwks.keys.every((jwk, i) => jwk.kid === thumbprints[i]),
  "no key of the set can sign": jwks.keys.every((jwk) => !("d" in jwk)),
  "a tampered body is refused": !(await verifiesByNoble(raw, id, `${body} `)) && !(await verifiesByJose(jwks.keys[0], id, `${body} `)),
  "a tampered id is refused": !(await verifiesByNoble(raw, `${id}x`, body)),
  "another key is refused": !(await verifiesByNoble(other, id, body).catch(() => false)),
};
for (const [check, passed] of Object.entries(checks)) {
  console.log(`${passed ? "ok  " : "FAIL"} ${check}`);
}
process.exitCode = Object.values(checks).every(Boolean) ? 0 : 1;
