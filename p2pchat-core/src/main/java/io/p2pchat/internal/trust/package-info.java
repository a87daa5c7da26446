/**
 * Who a peer is, and whether it is still the same one: the own key and its certificate, the file of
 * known peers, and the table that judges by it. Pure Java. What reads or writes files says so and
 * is never called on an event loop; everything else is a value.
 */
@NullMarked
package io.p2pchat.internal.trust;

import org.jspecify.annotations.NullMarked;
