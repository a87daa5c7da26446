/** Option defaults from the configuration file and the environment, and the user's directories. */
@NullMarked
package io.p2pchat.cli.config;

import org.jspecify.annotations.NullMarked;
