/** The chat on a terminal: a line editor, lines above it, commands, and looks. */
@NullMarked
package io.p2pchat.cli.terminal;

import org.jspecify.annotations.NullMarked;
