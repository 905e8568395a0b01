#!/bin/bash
# Runs the public suite of tests for HTTP caches (github.com/http-tests/cache-tests) against the response cache of a platform that
# ./sluice up starts, with Kafka and Redis, and prints how many passed of each kind, with the names of those that did not. Fails when
# one that is required did not. docs/response-cache.md has the last result.
#
#   git clone https://github.com/http-tests/cache-tests.git && (cd cache-tests && npm install --omit=dev)
#   CACHE_TESTS=cache-tests benchmarks/cache-tests.sh
#
# Needs node, curl, and ./sluice build before. Settings, as environment variables:
#   OFFSET=60 STATE=…                                  ports and state of the platform that is started for it
#   GATEWAY=http://127.0.0.1:8080 ADMIN_KEY=slk_…      a gateway that runs already, with sluice.web.extra-methods=M-SEARCH
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
suite=$(cd "${CACHE_TESTS:?set it to a copy of the suite}" && pwd)
offset=${OFFSET:-60}
state=${STATE:-$(mktemp -d /tmp/sluice-cache-tests.XXXXXX)}
origin_port=$((17100 + offset))
gateway=${GATEWAY:-http://127.0.0.1:$((8080 + offset))}
work=$(mktemp -d /tmp/sluice-suite.XXXXXX)
origin=

finish() {
  [ -z "$origin" ] || kill "$origin" 2>/dev/null || true
  [ -n "${GATEWAY:-}" ] || "$home/sluice" down --state "$state" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

cd "$suite"
npm_config_protocol=http npm_config_port=$origin_port npm_config_pidfile=$work/pid \
  node test-engine/server/server.mjs >"$work/origin.log" 2>&1 &
origin=$!

if [ -z "${GATEWAY:-}" ]; then
  SLUICE_WEB_EXTRA_METHODS=M-SEARCH SLUICE_BUILD=never "$home/sluice" up --detach --port-offset "$offset" --state "$state" >"$work/up.log" 2>&1 ||
    { cat "$work/up.log" >&2; exit 1; }
  ADMIN_KEY=$("$home/sluice" keys --state "$state" | grep -o 'slk_[A-Za-z0-9_]*' | head -1)
fi

# Nothing is asked twice behind the suite's back, and no limit counts its requests.
terms='"access":"anonymous","cost":0,"retry":{"attempts":1}'
for path in test config state; do
  cache=
  [ "$path" != test ] || cache=',"cache":{"setCookie":"keep","staleIfError":"1m"}'
  curl -fsS -o /dev/null -X PUT "$gateway/api/v1/routes/cache-tests-$path" -H "Authorization: Bearer $ADMIN_KEY" \
    -H 'Content-Type: application/json' \
    -d "{\"match\":{\"path\":\"/$path/**\"},\"targets\":[{\"url\":\"http://127.0.0.1:$origin_port\"}],$terms$cache}"
done

npm_package_config_id='' npm_config_base=$gateway node --no-warnings test-engine/cli.mjs >"$work/result.json" 2>"$work/suite.log"
cat >"$work/summary.mjs" <<'JS'
import fs from 'fs'
const [suite, file] = process.argv.slice(2)
const tests = (await import(`${suite}/tests/index.mjs`)).default
const { determineTestResult } = await import(`${suite}/test-engine/lib/results.mjs`)
const results = JSON.parse(fs.readFileSync(file))
const tally = {}
for (const test of tests.flatMap(group => group.tests).filter(test => !test.browser_only)) {
  const kind = test.kind ?? 'required'
  const sign = determineTestResult(tests, test.id, results, true)[2]
  tally[kind] ??= {}
  tally[kind][sign] = (tally[kind][sign] ?? 0) + 1
  if (kind !== 'check' && sign !== '✅') console.log(kind, sign, test.id, JSON.stringify(results[test.id]))
}
console.log(tally)
const { '✅': passed = 0, ...others } = tally.required
if (passed === 0 || Object.keys(others).length > 0) process.exitCode = 1
JS
node "$work/summary.mjs" "$suite" "$work/result.json"
