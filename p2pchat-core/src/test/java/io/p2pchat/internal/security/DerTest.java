package io.p2pchat.internal.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DerTest {
  private static String hex(byte[] der) {
    return HexFormat.of().formatHex(der);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0400",
    "1, 0401",
    "127, 047f",
    "128, 048180",
    "255, 0481ff",
    "256, 04820100",
    "65535, 0482ffff",
    "65536, 0483010000"
  })
  void aLengthTakesAsFewBytesAsItNeeds(int length, String head) {
    assertThat(hex(Der.octetString(new byte[length]))).isEqualTo(head + "00".repeat(length));
  }

  @Test
  void objectIdentifiersAreInBase128() {
    assertThat(hex(Der.oid(1, 2, 840, 10045, 4, 3, 2))).isEqualTo("06082a8648ce3d040302");
    assertThat(hex(Der.oid(2, 5, 29, 19))).isEqualTo("0603551d13");
    assertThat(hex(Der.oid(1, 2, 128, 16384))).isEqualTo("06062a8100818000");
  }

  @Test
  void aPositiveIntegerThatLooksNegativeGetsAZeroByte() {
    assertThat(hex(Der.integer(BigInteger.valueOf(127)))).isEqualTo("02017f");
    assertThat(hex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
  }

  @ParameterizedTest
  @CsvSource({
    "1999-12-31T23:59:59Z, 170d3939313233313233353935395a",
    "2049-12-31T23:59:59Z, 170d3439313233313233353935395a",
    "2050-01-01T00:00:00Z, 180f32303530303130313030303030305a"
  })
  void from2050OnAYearHasFourDigits(Instant time, String der) {
    assertThat(hex(Der.time(time))).isEqualTo(der);
  }
}
