package io.p2pchat.internal.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.p2pchat.Fingerprint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCertificateTest {
  private static final Instant NOW = Instant.parse("2026-01-31T09:30:00Z");

  @TempDir Path directory;

  @Test
  void theJdkReadsAndVerifiesIt() throws GeneralSecurityException {
    NodeIdentity identity = NodeIdentity.generate(NOW);
    X509Certificate certificate = NodeCertificate.parse(identity.certificate().getEncoded());
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=p2pchat");
    assertThat(certificate.getIssuerX500Principal().getName()).isEqualTo("CN=p2pchat");
    assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getNonCriticalExtensionOIDs()).containsExactly("2.5.29.19");
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getCurve().getField())
        .hasToString(
            ((ECPublicKey) certificate.getPublicKey()).getParams().getCurve().getField().toString())
        .extracting(field -> field.getFieldSize())
        .isEqualTo(256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-01-31T09:30:00Z", "2060-06-15T12:00:00Z"})
  void itHoldsFromADayAgoForSomeFiftyYears(Instant now) throws GeneralSecurityException {
    X509Certificate certificate = NodeIdentity.generate(now).certificate();
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(now.minusSeconds(86_400));
    assertThat(certificate.getNotAfter().toInstant())
        .isEqualTo(now.plusSeconds(86_400L * 365 * 50));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9960-01-01T00:00:00Z", "+10000-01-01T00:00:00Z", "+292277-01-01T00:00:00Z"})
  void clockThatIsFarAheadDoesNotMatter(Instant now) throws GeneralSecurityException {
    X509Certificate certificate = NodeIdentity.generate(now).certificate();
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo("9999-12-31T23:59:59Z");
  }

  @Test
  void manyInARowAllVerifyAndNoSerialNumberComesTwice() throws GeneralSecurityException {
    Set<Object> serials = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      X509Certificate certificate = NodeIdentity.generate(NOW).certificate();
      certificate.verify(certificate.getPublicKey());
      assertThat(certificate.getSerialNumber()).isPositive();
      serials.add(certificate.getSerialNumber());
    }
    assertThat(serials).hasSize(300);
  }

  @Test
  void opensslReadsAndVerifiesItAndSeesTheSameFingerprint()
      throws IOException, InterruptedException {
    String openssl = onPath("openssl");
    assumeTrue(!openssl.isEmpty(), "NOT TESTED: there is no openssl on the PATH");
    NodeIdentity identity = NodeIdentity.generate();
    String pem = Files.write(directory.resolve("identity.pem"), identity.format()).toString();
    assertThat(run(openssl, "x509", "-in", pem, "-noout", "-text"))
        .contains("Version: 3 (0x2)")
        .contains("Signature Algorithm: ecdsa-with-SHA256")
        .containsPattern("Subject: CN ?= ?p2pchat")
        .contains("NIST CURVE: P-256")
        .contains("CA:FALSE");
    assertThat(run(openssl, "verify", "-x509_strict", "-check_ss_sig", "-CAfile", pem, pem))
        .contains("identity.pem: OK");
    run(openssl, "pkey", "-in", pem, "-pubout", "-outform", "DER", "-out", pem + ".der");
    String digest = run(openssl, "dgst", "-sha256", "-r", pem + ".der");
    assertThat(Fingerprint.parse(digest.substring(0, 64))).isEqualTo(identity.fingerprint());
  }

  private static String onPath(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .map(place -> Path.of(place, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElse("");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s: %s", List.of(command), output).isZero();
    return output;
  }
}
