/**
 * The programs of the fault suite, which {@code src/test/faults/run.sh} runs on hosts of their own:
 * nodes under load, proxies that delay, and the tally of what became of each message.
 */
@NullMarked
package io.p2pchat.faults;

import org.jspecify.annotations.NullMarked;
