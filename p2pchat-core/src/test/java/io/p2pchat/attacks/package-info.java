/** Attacks in earnest: a victim, a well-behaved peer and an attacker, each a process of its own. */
@NullMarked
package io.p2pchat.attacks;

import org.jspecify.annotations.NullMarked;
