#!/usr/bin/env bash
#
# Measures the prose: words in a sentence, for the documents, the texts of --help, and the Javadoc.
#
#   prose.sh [--over N] [DIR]   DIR is a checkout, which needs no build; default: this one
#                               --over N also prints each sentence of more than N words
#
# ProseFigures.java says what counts as a sentence and as a word.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
over=0
if [[ ${1:-} == --over ]]; then
  over=${2:?usage: prose.sh [--over N] [DIR]}
  shift 2
fi
root=$(cd "${1:-$here/../../../..}" && pwd -P)

exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "$here/ProseFigures.java" "$root" "$over"
