@NullMarked
package io.p2pchat.sqlite;

import org.jspecify.annotations.NullMarked;
