package io.p2pchat.cli;

import io.p2pchat.cli.output.StdStreams;
import java.io.File;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes the man pages, one for each command, in AsciiDoc. The build makes roff of them. */
final class ManPages {
  private ManPages() {}

  /**
   * Writes them.
   *
   * @param args the directory, and the version that the pages name
   */
  public static void main(String[] args) throws IOException {
    System.exit(write(new File(args[0]), args[1]));
  }

  /** Writes them and returns 0, or else what went wrong. */
  static int write(File directory, String version) throws IOException {
    CommandSpec all = Main.commandLine(StdStreams.standard()).getCommandSpec();
    prepare(all, "p2pchat " + version);
    return ManPageGenerator.generateManPage(directory, null, new boolean[0], false, all);
  }

  // Here the headings are those of sections, without a colon.
  private static void prepare(CommandSpec command, String version) {
    command.versionProvider(null).version(version);
    UsageMessageSpec usage = command.usageMessage();
    usage.exitCodeListHeading(withoutColon(usage.exitCodeListHeading()));
    usage.footerHeading(withoutColon(usage.footerHeading()));
    for (CommandLine each : command.subcommands().values()) {
      prepare(each.getCommandSpec(), version);
    }
  }

  private static String withoutColon(String heading) {
    return heading.replace(":%n", "%n");
  }
}
