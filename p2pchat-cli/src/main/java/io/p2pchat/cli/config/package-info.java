/**
 * Options that are not on the command line: the configuration file, the environment, directories.
 */
@NullMarked
package io.p2pchat.cli.config;

import org.jspecify.annotations.NullMarked;
