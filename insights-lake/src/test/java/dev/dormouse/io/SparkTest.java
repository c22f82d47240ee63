package dev.dormouse.io;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Marks a test class that uses the shared Spark session. Such classes run one after the other,
 * since temporary views belong to the session; {@code ./dormouse test quick} leaves them out.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SparkTest
@ResourceLock("spark")
@Tag("spark")
public @interface SparkTest {}
