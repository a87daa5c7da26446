#!/usr/bin/env bash
# Kills two nodes with stores 200 times at random instants under load (KilledNodesTest), and runs 10,000 random schedules of
# sessions between stores that crash (StoreSimulationTest). "mvn verify" runs little of both. run.sh ends with it.
#   p2pchat-core/src/test/faults/stores.sh     some ten minutes
# Exit status 1: a message was lost, came twice or out of order, or was reported wrongly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

exec mvn -q test -pl p2pchat-core -Dtest=KilledNodesTest,StoreSimulationTest -Dp2pchat.killRounds=200 \
  -Dp2pchat.storeSchedules=10000
