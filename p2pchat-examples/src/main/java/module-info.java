/** Small programs that use p2pchat, one file each. */
module io.p2pchat.examples {
  requires io.p2pchat.core;
  requires org.xerial.sqlitejdbc;
}
