/** Lines to messages and back: the grammar of the chat line. Pure Java. */
@NullMarked
package io.p2pchat.internal.message;

import org.jspecify.annotations.NullMarked;
