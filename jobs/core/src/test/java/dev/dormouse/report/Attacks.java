package dev.dormouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Texts that try to run scripts or load resources when printed unescaped. */
final class Attacks {
  static final List<String> ALL =
      List.of(
          "<script>window.attacked=1</script>",
          "</title></style><script>window.attacked=2</script>",
          "<img src=x onerror=\"window.attacked=3\">",
          "\"><svg onload=window.attacked=4>",
          "' onmouseover='window.attacked=5' x='",
          "\" autofocus onfocus=\"window.attacked=6\" x=\"",
          "</text></svg><iframe srcdoc='<script>parent.attacked=7</script>'></iframe>",
          "<a href=\"javascript:window.attacked=8\">click</a>",
          "javascript:window.attacked=9",
          "<!--><script>window.attacked=10</script>-->",
          "]]><script>window.attacked=11</script>",
          "<style>@import 'http://127.0.0.1:9/a.css'; * {background:"
              + " url(http://127.0.0.1:9/b)}</style>",
          "<details open ontoggle=window.attacked=12>",
          "<math><mtext></mtext><script>window.attacked=13</script></math>",
          "{{ 7 * 7 }}{% include \"/etc/passwd\" %}",
          "&lt;script&gt;window.attacked=14&lt;/script&gt;",
          "\u2028<base href=\"http://127.0.0.1:9/\"><meta http-equiv=refresh content=0>");

  private Attacks() {}

  /** Returns a copy of a record with the text added to every string in it and in nested records. */
  static <T extends Record> T everywhere(T view, String attack) {
    @SuppressWarnings("unchecked")
    T hostile = (T) hostile(view, attack);
    return hostile;
  }

  private static Object hostile(Object value, String attack) {
    if (value instanceof String text) {
      return text + attack;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(element -> hostile(element, attack)).toList();
    }
    return value instanceof Record ? rebuilt(value, attack) : value;
  }

  private static Object rebuilt(Object value, String attack) {
    try {
      List<Class<?>> types = new ArrayList<>();
      List<Object> fields = new ArrayList<>();
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        component.getAccessor().setAccessible(true);
        types.add(component.getType());
        fields.add(hostile(component.getAccessor().invoke(value), attack));
      }
      Constructor<?> constructor =
          value.getClass().getDeclaredConstructor(types.toArray(new Class<?>[0]));
      constructor.setAccessible(true);
      return constructor.newInstance(fields.toArray());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** Asserts that the attack changed nothing of the page but its text. */
  static void assertHarmless(String html, String attack) {
    Document page = Jsoup.parse(html);
    assertThat(page.select("script, img, iframe, object, embed, base, math, [src], [srcdoc]"))
        .as(attack)
        .isEmpty();
    assertThat(page.head().children())
        .as(attack)
        .extracting(Element::tagName)
        .containsExactly("meta", "meta", "meta", "title", "style");
    assertThat(page.select("style")).as(attack).hasSize(1);
    assertThat(page.select("style").html()).as(attack).doesNotContain("attacked");
    assertThat(page.select("meta[http-equiv]")).as(attack).isEmpty();
    page.getAllElements()
        .forEach(
            element ->
                element
                    .attributes()
                    .forEach(
                        attribute -> {
                          assertThat(attribute.getKey()).as(attack).doesNotStartWith("on");
                          if (attribute.getKey().equals("href")) {
                            assertThat(attribute.getValue()).as(attack).startsWith("#");
                          }
                        }));
    assertThat(page.text()).as(attack).doesNotContain("49{%");
  }
}
