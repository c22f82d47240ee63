package dev.dormouse.training;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Marks a test class that uses the shared {@link AirflowServer}. Such classes run one after the
 * other; {@code ./dormouse test quick} leaves them out.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(AirflowServer.NAME)
@Tag("server")
public @interface AirflowTest {}
