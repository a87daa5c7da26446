/** The chat: its loop, its commands and its screens. */
@NullMarked
package io.p2pchat.cli.chat;

import org.jspecify.annotations.NullMarked;
