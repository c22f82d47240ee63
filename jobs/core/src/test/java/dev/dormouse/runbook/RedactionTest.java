package dev.dormouse.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          API_KEY=abc123 is wrong           | API_KEY=[redacted] is wrong
          "password": "hunter2 and more"    | "password": [redacted]
          Authorization: Bearer abcdefghij  | Authorization: Bearer [redacted]
          sent bearer abcdefgh12345 to it   | sent bearer [redacted] to it
          https://ann:s3cret@host/data      | https://ann:[redacted]@host/data
          key sk-abcdefghijkl0123 refused   | key [redacted] refused
          AKIAIOSFODNN7EXAMPLE expired      | [redacted] expired
          db.access-key = xyz, next         | db.access-key = [redacted], next
          """)
  void takesSecretsOut(String line, String clean) {
    assertThat(Redaction.of(line)).isEqualTo(clean);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 2.00 GiB",
        "epoch 3: loss is nan at step 1200",
        "No space left on device: '/data/part-0001'",
        "KeyError: 'embedding_dim'",
        "see https://example.org/docs for details"
      })
  void leavesEverythingElse(String line) {
    assertThat(Redaction.of(line)).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          see /home/ann/runs/7, please           | see [path], please
          from s3a://bucket/a/b?token=x          | from [path]
          in C:\\Users\\ann\\data                  | in [path]
          "~/data/clicks"                        | "[path]"
          movielens/v1:auc@validation and/or 1/2 | movielens/v1:auc@validation and/or 1/2
          password=x in (/tmp/y)                 | password=[redacted] in ([path])
          """)
  void takesPathsOutWhereAsked(String line, String clean) {
    assertThat(Redaction.withoutPaths(line)).isEqualTo(clean);
  }
}
