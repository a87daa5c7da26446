/** What people read and write: answers, events and failures as lines, made safe for a terminal. */
@NullMarked
package io.p2pchat.cli.text;

import org.jspecify.annotations.NullMarked;
