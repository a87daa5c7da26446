/** The command line of p2pchat: the chat menu, and commands for scripts. */
module io.p2pchat.cli {
  requires info.picocli;
  requires io.p2pchat.core;
  requires java.logging;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires org.xerial.sqlitejdbc;

  opens io.p2pchat.cli to
      info.picocli;
}
