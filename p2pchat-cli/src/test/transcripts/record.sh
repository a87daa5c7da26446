#!/usr/bin/env bash
#
# Records what the piped chat and the commands of a commit print, for TranscriptIT to compare with.
#
#   record.sh COMMIT   builds the program of that commit in a checkout of its own, runs the inputs of
#                      ChatTranscripts.java with it and replaces the transcripts in this directory
#
# Everything runs on the loopback interface. MAVEN_ARGS is passed to Maven.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if [[ $# -ne 1 ]]; then
  echo "Usage: record.sh COMMIT" >&2
  exit 2
fi

commit=$(git -C "$here" rev-parse --verify "$1^{commit}")
checkout=$(mktemp -d)
trap 'git -C "$here" worktree remove --force "$checkout"' EXIT
git -C "$here" worktree add --quiet --detach "$checkout" "$commit"

# shellcheck disable=SC2086 # options, split at blanks
(cd "$checkout" && mvn ${MAVEN_ARGS:-} -q -B -ntp -Dp2pchat.launcher -Dmaven.test.skip package -pl p2pchat-cli -am)

rm -f "$here"/*.txt
"$java" "$here/../java/io/p2pchat/cli/ChatTranscripts.java" \
  "$checkout/p2pchat-cli/target/launcher/build/p2pchat.jar" "$commit" "$here"
