package dev.dormouse.hypothesize;

import dev.dormouse.model.Digests;
import java.util.List;

/**
 * Marks in a prompt where text from outside begins and ends. The marks carry a number that no such
 * text can contain, since it is the digest of all of them: whoever writes one cannot know it.
 */
final class PromptFence {
  private final String nonce;

  private PromptFence(String nonce) {
    this.nonce = nonce;
  }

  /**
   * PromptFence for these texts; the same texts get the same fences, so that nothing is asked
   * twice.
   */
  static PromptFence around(List<String> texts) {
    String nonce = digest(String.join("\u0000", texts));
    while (contains(texts, nonce)) {
      nonce = digest(nonce);
    }
    return new PromptFence(nonce);
  }

  private static String digest(String text) {
    return Digests.sha256(text).substring(0, 20);
  }

  private static boolean contains(List<String> texts, String nonce) {
    return texts.stream().anyMatch(text -> text.contains(nonce));
  }

  String nonce() {
    return nonce;
  }

  /** A text between its marks. */
  String around(String label, String text) {
    return "<<" + nonce + " " + label + ">>\n" + text + "\n<<" + nonce + " end of " + label + ">>";
  }
}
