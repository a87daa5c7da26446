/** Finds out why nobody appears, or why one peer does not answer. */
@NullMarked
package io.p2pchat.cli.doctor;

import org.jspecify.annotations.NullMarked;
