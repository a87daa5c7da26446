/** Keys, certificates, the known peers file, and decisions about trust. No Netty. */
@NullMarked
package io.p2pchat.internal.security;

import org.jspecify.annotations.NullMarked;
