/**
 * A store of messages in a file, by SQLite. It needs {@code org.xerial:sqlite-jdbc}, which the
 * library does not bring along.
 */
@NullMarked
package io.p2pchat.sqlite;

import org.jspecify.annotations.NullMarked;
