package dev.dormouse.hypothesize;

import dev.dormouse.model.Digests;
import java.util.List;

/**
 * Marks the beginning and end of text from outside in a prompt. The marks carry a nonce that none
 * of these texts contains: a digest of all of them, which their authors cannot know.
 */
final class PromptFence {
  private final String nonce;

  private PromptFence(String nonce) {
    this.nonce = nonce;
  }

  /**
   * Returns the fence for these texts. Equal texts get equal fences, so that nothing is asked
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

  /** Returns a text between its marks. */
  String around(String label, String text) {
    return "<<" + nonce + " " + label + ">>\n" + text + "\n<<" + nonce + " end of " + label + ">>";
  }
}
