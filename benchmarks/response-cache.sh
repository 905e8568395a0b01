#!/bin/bash
# What an answer out of the response cache costs: the gateway (key, three limits out of leases) with a hit, beside the same gateway
# that asks the upstream, the upstream itself (Reactor Netty with a constant answer), and a raw Reactor Netty proxy, in turns in
# one run. Prints requests a second and the CPU that the process under test used for each.
#
#   benchmarks/response-cache.sh
#
# Needs and settings: see proxy.sh, whose rounds these are, only shorter.
set -euo pipefail
export WARM=${WARM:-30} ROUNDS=${ROUNDS:-5} SECONDS_EACH=${SECONDS_EACH:-4}
exec "$(dirname "$0")/proxy.sh" upstream raw gateway kept
