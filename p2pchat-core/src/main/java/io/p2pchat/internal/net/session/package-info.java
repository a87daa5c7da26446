/** Level-1 connections: they read and write the lines of a session. */
@NullMarked
package io.p2pchat.internal.net.session;

import org.jspecify.annotations.NullMarked;
