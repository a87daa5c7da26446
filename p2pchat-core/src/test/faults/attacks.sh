#!/usr/bin/env bash
# Attacks a node from other processes on this machine, and measures what a well-behaved peer and the node's memory notice.
#   p2pchat-core/src/test/faults/attacks.sh [ATTACK...]     all attacks of AttackKind, or those named; a few minutes
# Needs a build, Linux (many loopback addresses, /proc), 20,000 open files for each process, and a machine with nothing else to do.
# Exit status 1: a bound does not hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../../.."

classpath=p2pchat-core/target/test.classpath
test_classes=p2pchat-core-tests/target/test-classes
[[ -f $classpath && -d $test_classes/io/p2pchat/attacks ]] ||
  { echo "attacks.sh: build first: mvn verify, or mvn process-test-classes" >&2; exit 2; }
ulimit -n 20000
exec java -cp "$test_classes:p2pchat-core/target/classes:$(<"$classpath")" io.p2pchat.attacks.Attacks "$@"
