package io.p2pchat.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that this was built as: of the jar, or of the module where there is no jar. */
final class ManifestVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** What {@code --version} prints. */
  static String text() {
    Class<?> type = ManifestVersion.class;
    String version =
        type.getModule().isNamed()
            ? type.getModule().getDescriptor().rawVersion().orElse(null)
            : type.getPackage().getImplementationVersion();
    return "p2pchat " + Objects.requireNonNullElse(version, "(unpackaged)");
  }
}
