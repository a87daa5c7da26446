package io.p2pchat.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, from the jar or the module. */
final class ManifestVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** Returns the output of {@code --version}. */
  static String text() {
    Class<?> type = ManifestVersion.class;
    String version =
        type.getModule().isNamed()
            ? type.getModule().getDescriptor().rawVersion().orElse(null)
            : type.getPackage().getImplementationVersion();
    return "p2pchat " + Objects.requireNonNullElse(version, "(unpackaged)");
  }
}
