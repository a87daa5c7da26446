package io.p2pchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.p2pchat.internal.security.NodeIdentity;
import io.p2pchat.testing.Fingerprints;
import io.p2pchat.testing.RandomText;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {
  private static final String TEXT =
      "00112233-44556677-8899aabb-ccddeeff-00112233-44556677-8899aabb-ccddeeff";

  @Test
  void itIsTheSha256OfThePublicKey() throws Exception {
    PublicKey key = NodeIdentity.generate().certificate().getPublicKey();
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    assertThat(Fingerprint.of(key).toString().replace("-", ""))
        .isEqualTo(HexFormat.of().formatHex(digest));
  }

  @Test
  void itHasOneText() {
    assertThat(Fingerprint.parse(TEXT)).hasToString(TEXT);
    assertThat(Fingerprint.parse(TEXT.replace("-", ""))).hasToString(TEXT);
    assertThat(Fingerprint.parse(TEXT.toUpperCase(Locale.ROOT))).hasToString(TEXT);
    assertThat(Fingerprint.parse(" " + TEXT.replace('-', ' ') + "\n")).hasToString(TEXT);
    assertThat(Fingerprint.parse(TEXT.replaceAll("(..)(?=[0-9a-f])", "$1:"))).hasToString(TEXT);
  }

  @Test
  void whatIsPrintedIsReadBack() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      Fingerprint one = Fingerprints.random(random);
      assertThat(Fingerprint.parse(one.toString())).isEqualTo(one).hasSameHashCodeAs(one);
      assertThat(one).isNotEqualTo(Fingerprints.random(random));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00112233",
        "g0112233-44556677-8899aabb-ccddeeff-00112233-44556677-8899aabb-ccddeeff",
        "٠0112233-44556677-8899aabb-ccddeeff-00112233-44556677-8899aabb-ccddeeff",
        "0000112233-44556677-8899aabb-ccddeeff-00112233-44556677-8899aabb-ccddeeff"
      })
  void whatIsNoneIsRefusedWithWhatIsAccepted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fingerprint.parse(text))
        .withMessageContaining("64 hexadecimal digits");
  }

  @Test
  void noTextThrowsAnythingElse() {
    RandomText texts = new RandomText(2);
    for (int i = 0; i < 20_000; i++) {
      String text = texts.next(80);
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> Fingerprint.parse(text));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Fingerprint.parse("0".repeat(1 << 20)));
  }
}
