package dev.dormouse.tracking;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Collects the body of a reply, and fails once it exceeds a size. */
final class BoundedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> collected = BodySubscribers.ofByteArray();
  private final long maxBytes;
  private long bytes;
  private Flow.Subscription subscription;

  BoundedBody(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return collected.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription source) {
    subscription = source;
    collected.onSubscribe(source);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    bytes += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
    if (bytes > maxBytes) {
      subscription.cancel();
      collected.onError(new TooLargeException(maxBytes));
    } else {
      collected.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable failure) {
    collected.onError(failure);
  }

  @Override
  public void onComplete() {
    collected.onComplete();
  }

  /** The reply exceeds the limit. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLargeException(long maxBytes) {
      super("the reply exceeds " + maxBytes + " bytes");
    }
  }
}
