#!/usr/bin/env bash
#
# Measures the code: files, lines, methods, constructors, packages, circles of classes, and how many classes a message
# passes on its way.
#
#   run.sh [DIR]   DIR is a checkout that was built (mvn verify, or at least mvn test-compile); default: this one
#
# Run it on two checkouts to compare them: the programs here measure both, and call only what both have.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "${1:-$here/../../../..}" && pwd -P)
core=$root/p2pchat-core/target
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if [[ ! -d $core/classes || ! -r $core/test.classpath ]]; then
  echo "figures: there is no build in $root: run mvn verify, or at least mvn test-compile" >&2
  exit 2
fi

class_path=$core/classes:$(<"$core/test.classpath")
"$java" "$here/SourceFigures.java" "$root"
"$java" -cp "$class_path" "$here/CircleFigures.java" "$core/classes"
"$java" -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$class_path" "$here/WayFigures.java" "$here/TracedNode.java"
