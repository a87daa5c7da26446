/**
 * The conversation of two nodes of this project: numbers, acknowledgement, resumption, liveness,
 * bounds. Pure Java without I/O: time and randomness come in, what is to be done goes out.
 */
@NullMarked
package io.p2pchat.internal.session;

import org.jspecify.annotations.NullMarked;
