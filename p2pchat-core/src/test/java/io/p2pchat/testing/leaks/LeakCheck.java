package io.p2pchat.testing.leaks;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a Netty buffer, or anything else Netty tracks, was dropped without
 * being released. Classes run side by side, so it may have been dropped in another that ran at the
 * same time: the report says where it was made. Registered for all tests through {@code
 * META-INF/services}.
 */
public final class LeakCheck implements AfterAllCallback {
  private static final LeakRecorder RECORDER = new LeakRecorder();

  // Netty's classes ask the factory for their detector once, when they are initialised: this must
  // be earlier, and it is, since JUnit makes its extensions before it touches a test class.
  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(RECORDER);
  }

  /** Called by JUnit. */
  public LeakCheck() {}

  @Override
  public void afterAll(ExtensionContext context) {
    if (!isInner(context.getRequiredTestClass())) {
      failOnLeaks();
    }
  }

  /** Inner classes are checked with the class they are in, whose fields they may still be using. */
  private static boolean isInner(Class<?> testClass) {
    return testClass.isMemberClass() && !Modifier.isStatic(testClass.getModifiers());
  }

  /** Collects garbage, and fails if any of it should have been released; reports a leak once. */
  static void failOnLeaks() {
    var leaks = RECORDER.collect();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " leaked without release():\n" + String.join("\n", leaks));
    }
  }
}
