/** The command line: its commands, options and exit statuses. */
@NullMarked
package io.p2pchat.cli;

import org.jspecify.annotations.NullMarked;
