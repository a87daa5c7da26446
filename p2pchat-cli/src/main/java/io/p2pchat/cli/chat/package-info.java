/** The chat: its loop, its commands, and the screens it is shown on. */
@NullMarked
package io.p2pchat.cli.chat;

import org.jspecify.annotations.NullMarked;
