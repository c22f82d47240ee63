package dev.dormouse.io;

import io.delta.kernel.utils.CloseableIterator;
import java.util.Iterator;
import java.util.List;

/** A closeable iterator over a single element, as Kernel requires; there is nothing to close. */
final class OneElement<T> implements CloseableIterator<T> {
  private final Iterator<T> elements;

  OneElement(T element) {
    elements = List.of(element).iterator();
  }

  @Override
  public boolean hasNext() {
    return elements.hasNext();
  }

  @Override
  public T next() {
    return elements.next();
  }

  @Override
  public void close() {}
}
