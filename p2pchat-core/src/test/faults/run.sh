#!/usr/bin/env bash
# shellcheck disable=SC2317 # the scenarios are called by their names
#
# The fault suite: three nodes on hosts of their own (network namespaces), each sending to the two others, while their
# network fails or one of them is killed. Counts what was accepted, acknowledged, delivered, and delivered twice.
#
#   run.sh [--short] [scenario...]     all scenarios by default; --short: three of them, little of each, for .ci/run
#
#   loss5, loss20  each host loses 5 % or 20 % of the packets that reach it
#   narrow         each host sends 1 Mbit/s at most
#   delay          proxies between the hosts pass everything on 150 ms later
#   partition      one host is cut off, silently, for 30 s
#   linkflap       the link of one host goes down and up again, for 1 s, 8 s, 2 s, 8 s
#   readdress      the address of one host changes, and its node only listens, so the others cannot find it
#   kill9          one node is killed (kill -9) and started again, five times; only here may messages be delivered twice
#   stores         two nodes with stores are killed 200 times, and 10,000 random schedules run: see stores.sh
#
# Needs root, ip, nft and tc, and a build: mvn verify, or at least mvn test-compile. All traffic stays in the namespaces.
# Journals and logs of a scenario that broke a promise stay in target/faults/<scenario>.
#
# Exit status: 0 all promises were kept; 1 one was broken; 2 it could not be run; 77 skipped, something it needs is not
# there: the last line says what.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
target=$here/../../../target
out=$target/faults
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

all=(loss5 loss20 narrow delay partition linkflap readdress kill9 stores)
nodes=(A B C)
rate=5000       # messages a second from each node to each other, as far as there is room
lines=4096      # that may wait at a node for one other
silence=15000   # ms without a byte before a node asks its peer; 2/3 of it later the connection is dead
load_seconds=20 # of load under a fault that has no length of its own
heal_seconds=3  # of load after it
partition_seconds=30
kills=5
kill_seconds=3 # of load before each
delay_millis=150
limit=240 # seconds for anything to show that should; longer than a session is kept

# --- what is used and must be given back -----------------------------------------------------------------------------

prefix=p2pf$$
namespaces=()
runner=           # the subshell of the scenario
declare -A pids=() # of what it runs, by name

# The namespaces are this script's, and so is all that runs in them.
end_processes() {
  local namespace pid
  for namespace in ${namespaces[@]+"${namespaces[@]}"}; do
    for pid in $(ip netns pids "$namespace"); do
      kill -9 "$pid" 2>/dev/null || :
    done
  done
}

cleanup() {
  [[ -z $runner ]] || kill "$runner" 2>/dev/null || :
  end_processes
  local namespace
  for namespace in ${namespaces[@]+"${namespaces[@]}"}; do
    ip netns del "$namespace" || :
  done
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  echo "fault suite: $*" >&2
  exit 2
}

skip() {
  echo "fault suite skipped: $*"
  exit 77
}

# --- the hosts -------------------------------------------------------------------------------------------------------

# Host number N is 10.91.0.N in the namespace <prefix>N, joined by a bridge in the namespace <prefix>0, 10.91.0.254.
number_of() {
  case $1 in A) echo 1 ;; B) echo 2 ;; C) echo 3 ;; esac
}

address_of() {
  echo "10.91.0.$(number_of "$1")"
}

port_of() {
  echo "500$(number_of "$1")"
}

namespace_of() {
  echo "$prefix$(number_of "$1")"
}

on() {
  local node=$1
  shift
  ip netns exec "$(namespace_of "$node")" "$@"
}

add_namespace() {
  ip netns add "$1" && namespaces+=("$1") && ip -n "$1" link set lo up
}

make_network() {
  local hub=${prefix}0 node namespace
  add_namespace "$hub" &&
    ip -n "$hub" link add bridge type bridge &&
    ip -n "$hub" addr add 10.91.0.254/24 dev bridge &&
    ip -n "$hub" link set bridge up || return 1
  for node in "${nodes[@]}"; do
    namespace=$(namespace_of "$node")
    add_namespace "$namespace" &&
      ip -n "$hub" link add "to$node" type veth peer name eth0 netns "$namespace" &&
      ip -n "$hub" link set "to$node" master bridge up &&
      ip -n "$namespace" addr add "$(address_of "$node")/24" dev eth0 &&
      ip -n "$namespace" link set eth0 up || return 1
  done
}

# drop NODE RULE: of the packets that reach a host, throws away those that match
drop() {
  on "$1" nft -f - <<END
table inet faults {
  chain input {
    type filter hook input priority 0
    iifname eth0 $2 counter drop
  }
}
END
}

# heal NODE: no longer; fails if nothing was thrown away at all
heal() {
  local rules
  rules=$(on "$1" nft list table inet faults)
  on "$1" nft delete table inet faults
  [[ $rules == *'counter packets '[1-9]* ]] || fail "host $1 lost nothing"
}

narrow() {
  on "$1" tc qdisc add dev eth0 root tbf rate 1mbit burst 16kb latency 400ms
}

widen() {
  local statistics
  statistics=$(on "$1" tc -s qdisc show dev eth0)
  on "$1" tc qdisc del dev eth0 root
  [[ $statistics == *'overlimits '[1-9]* ]] || fail "host $1 never had to wait for its narrow link"
}

# readdress NODE ADDRESS
readdress() {
  on "$1" ip addr flush dev eth0
  on "$1" ip addr add "$2/24" dev eth0
}

# mend NODE: takes all faults away that a scenario has left
mend() {
  on "$1" nft delete table inet faults 2>/dev/null || :
  on "$1" tc qdisc del dev eth0 root 2>/dev/null || :
  readdress "$1" "$(address_of "$1")"
  on "$1" ip link set eth0 up
}

check_tools() {
  local tool
  ((EUID == 0)) || skip "it needs root"
  for tool in ip nft tc; do
    command -v "$tool" >/dev/null || skip "it needs the command $tool"
  done
}

# Whether they work is another question: containers and kernels differ.
check_network() {
  local said
  said=$(ip netns add "${prefix}0" 2>&1 && ip netns del "${prefix}0" 2>&1) ||
    skip "network namespaces do not work here: ${said//$'\n'/; }"
  make_network >"$out/network.log" 2>&1 ||
    skip "namespaces cannot be joined here: $(tail -n 1 "$out/network.log")"
  { drop A "numgen random mod 100 < 20" && on A nft delete table inet faults; } >"$out/network.log" 2>&1 ||
    skip "nft cannot lose packets here: $(tail -n 1 "$out/network.log")"
  { narrow A && on A tc qdisc del dev eth0 root; } >"$out/network.log" 2>&1 ||
    skip "tc cannot narrow a link here: $(tail -n 1 "$out/network.log")"
}

# --- the nodes -------------------------------------------------------------------------------------------------------

# start NAME NAMESPACE CLASS ARGUMENT...: runs a program of the test tree; what it says is in <name>.log
start() {
  local name=$1 namespace=$2 class=$3
  shift 3
  # "ip netns exec" becomes the program, so the process id is the program's.
  ip netns exec "$namespace" "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp "$class_path" \
    "io.p2pchat.faults.$class" "$@" >"$directory/$name.log" 2>&1 </dev/null &
  pids[$name]=$!
}

# start_node NODE RUN
start_node() {
  local node=$1 run=$2 other peers=()
  for other in "${nodes[@]}"; do
    [[ $other == "$node" || ${listener:-} == "$node" ]] || peers+=("peer.$other=${reached_at:-$(address_of "$other")}:$(port_of "$other")")
  done
  start "$node.$run" "$(namespace_of "$node")" FaultNode name="$node" run="$run" port="$(port_of "$node")" \
    directory="$directory" rate="$rate" lines="$lines" silence-millis="$silence" ${peers[@]+"${peers[@]}"}
}

# await MARK...: until each is set
await() {
  local mark name end=$((SECONDS + limit))
  for mark in "$@"; do
    until [[ -e $directory/$mark ]]; do
      for name in "${!pids[@]}"; do
        kill -0 "${pids[$name]}" 2>/dev/null ||
          fail "$scenario: $name ended by itself: $(tail -n 5 "$directory/$name.log")"
      done
      ((SECONDS < end)) || fail "$scenario: no '$mark' within $limit s, see $directory"
      sleep 0.1
    done
  done
}

mark() {
  : >"$directory/$1"
}

begin_load() {
  local node
  for node in "${nodes[@]}"; do
    start_node "$node" 1
  done
  await ready-{A,B,C}.1
  mark start
  await warm-{A,B,C}.1
  sleep "$heal_seconds"
}

# Only when every message has its result does a node end: what it leaves says "exit".
end_load() {
  local name
  sleep "$heal_seconds"
  mark quiet
  for name in "${!pids[@]}"; do
    [[ $name == proxies ]] || await "done-$name"
  done
  mark end
  for name in "${!pids[@]}"; do
    wait "${pids[$name]}" || fail "$scenario: $name failed: $(tail -n 5 "$directory/$name.log")"
    unset "pids[$name]"
  done
}

# expect COUNT: fails if no node has counted any; the fault would have had no effect
expect() {
  grep -q "$1 [1-9]" "$directory"/done-* || fail "$scenario: no $1"
}

# --- the scenarios ---------------------------------------------------------------------------------------------------

# on_all COMMAND ARGUMENT...: for each node, put in after the command
on_all() {
  local command=$1 node
  shift
  for node in "${nodes[@]}"; do
    "$command" "$node" "$@"
  done
}

lossy() {
  begin_load
  on_all drop "numgen random mod 100 < $1"
  sleep "$load_seconds"
  on_all heal
  end_load
}

scenario_loss5() {
  lossy 5
}

scenario_loss20() {
  lossy 20
}

scenario_narrow() {
  begin_load
  on_all narrow
  sleep "$load_seconds"
  on_all widen
  end_load
}

scenario_delay() {
  local reached_at=10.91.0.254
  start proxies "${prefix}0" DelayingProxies "$directory" "$reached_at" "$delay_millis" \
    "$(address_of A):$(port_of A)" "$(address_of B):$(port_of B)" "$(address_of C):$(port_of C)"
  await ready-proxies
  begin_load
  sleep "$load_seconds"
  end_load
}

# What is thrown away is neither refused nor reset: nobody learns of it but by silence.
scenario_partition() {
  begin_load
  drop A "meta l4proto tcp"
  drop B "ip saddr $(address_of A)"
  drop C "ip saddr $(address_of A)"
  sleep "$partition_seconds"
  on_all heal
  end_load
  expect reconnects
}

# The host itself sees its link go: what it dials meanwhile fails at once.
scenario_linkflap() {
  local silence=3000 seconds namespace
  namespace=$(namespace_of A)
  begin_load
  for seconds in 1 8 2 8; do
    ip -n "$namespace" link set eth0 down
    sleep "$seconds"
    ip -n "$namespace" link set eth0 up
    sleep 2
  done
  end_load
  expect reconnects
}

# It was not A that dialed, and nobody knows its new address. So it has to dial, although nothing waits there.
scenario_readdress() {
  local silence=3000 listener=A
  begin_load
  readdress A 10.91.0.101
  sleep "$load_seconds"
  end_load
  readdress A "$(address_of A)"
  expect reconnects
}

# Loaded more than the others: what is taken and not acknowledged yet is little, and goes twice.
scenario_kill9() {
  local rate=20000 run
  begin_load
  for ((run = 1; run <= kills; run++)); do
    sleep "$kill_seconds"
    kill -9 "${pids[B.$run]}"
    wait "${pids[B.$run]}" 2>/dev/null || :
    unset "pids[B.$run]"
    start_node B $((run + 1))
    await "ready-B.$((run + 1))" "warm-B.$((run + 1))"
  done
  end_load
  expect resets
}

# Sets broken if a promise was. A scenario that fails midway is tallied too: it shows how far it came.
run_scenario() {
  local status=0
  scenario=$1
  directory=$out/$scenario
  rm -rf "$directory"
  mkdir -p "$directory"
  "scenario_$scenario" & # so that a signal ends the wait for it
  runner=$!
  wait "$runner" || status=1
  runner=
  if ((status)); then
    end_processes
    on_all mend
  fi
  "$java" -cp "$class_path" io.p2pchat.faults.ScenarioTally "$directory" || status=1
  if ((status)); then
    broken=1
    echo "see target/faults/$scenario" >&2
  else
    rm -rf "$directory"
  fi
}

# --- the run ---------------------------------------------------------------------------------------------------------

scenarios=()
for argument in "$@"; do
  case $argument in
    --short)
      all=(loss20 partition kill9)
      lines=1024 silence=1500 load_seconds=5 heal_seconds=1 partition_seconds=5 kills=1
      ;;
    *)
      [[ $argument == stores ]] || declare -F "scenario_$argument" >/dev/null || fail "unknown: $argument; there are --short, ${all[*]}"
      scenarios+=("$argument")
      ;;
  esac
done
((${#scenarios[@]})) || scenarios=("${all[@]}")

check_tools
test_classes=$here/../../../../p2pchat-core-tests/target/test-classes
[[ -r $target/test.classpath && -d $test_classes/io/p2pchat/faults ]] ||
  fail "there is no build to test: run mvn verify, or at least mvn test-compile"
command -v "$java" >/dev/null || fail "no Java: set JAVA_HOME, or put java on the PATH"
class_path=$test_classes:$target/classes:$(<"$target/test.classpath")
mkdir -p "$out"
check_network
rm -f "$out/network.log"

broken=0
"$java" -cp "$class_path" io.p2pchat.faults.ScenarioTally
for each in "${scenarios[@]}"; do
  if [[ $each == stores ]]; then
    "$here/stores.sh" || broken=1 # it needs no hosts
  else
    run_scenario "$each"
  fi
done
exit "$broken"
