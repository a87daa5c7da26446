/** Output: events as text and JSON, escaping, tables, standard streams. */
@NullMarked
package io.p2pchat.cli.output;

import org.jspecify.annotations.NullMarked;
