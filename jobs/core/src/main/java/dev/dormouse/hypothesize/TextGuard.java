package dev.dormouse.hypothesize;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Refuses texts of a language model that name addresses, paths, commands, workflows or caps. */
final class TextGuard {
  /** Invisible characters; between letters they hide a word from the patterns below. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Mn}\\x{2028}\\x{2029}]+");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Co}\\p{Cn}]+");

  private static final Pattern ADDRESS =
      Pattern.compile(
          "[a-z][a-z0-9+.-]{1,15}:/{1,2}\\S|\\b(?:javascript|vbscript|mailto|jndi|s3a?|hdfs|dbfs)\\s*:\\s*\\S"
              + "|\\bdata:[a-z]+/|\\bwww\\.|\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b|\\blocalhost\\b|\\S@\\S+\\.\\S"
              + "|\\b[a-z0-9-]+\\.(?:com|net|org|io|dev|ai|ru|cn|xyz|onion|example|internal|local)\\b");

  private static final Pattern PATH =
      Pattern.compile(
          "(?:^|[\\s\"'(=,:;\\[])(?:~|\\.{1,2})?/[\\w.~-]|\\\\\\\\|\\b[a-z]:\\\\|%2f|%5c|\\.\\.[/\\\\]"
              + "|[\\w.-]+/[\\w.-]+/[\\w.-]+"
              + "|\\w\\.(?:py|sh|bash|ya?ml|jsonl?|parquet|so|jar|exe|dll|env|pem|key|conf|cfg|ini|toml|ipynb|csv|db|sqlite|sql|sock|java|class|bat|ps1|md|txt|log|xml|html?|pkl|pt|ckpt)\\b");

  private static final Pattern WORKFLOW =
      Pattern.compile(
          "\\bdags?\\b|dag_?(?:run|id)|dormouse_|airflow|\\bpipeline_id\\b|\\btask_id\\b|\\bcron\\b|\\bkubectl\\b|\\bdocker\\b");

  private static final Pattern COMMAND =
      Pattern.compile(
          "<[a-z!/?%]|[$#%]\\{|\\{\\{|\\{%|\\$\\(|&&|\\|\\||\\|\\s*(?:sh|bash|tee|xargs)\\b|\\b(?:rm|sudo|curl|wget|chmod|eval|exec|import"
              + " os|subprocess|base64|powershell|bash)\\b"
              + "|\\b(?:system|getattr|open|print|exit|__\\w+__)\\s*\\(|\\bos\\.\\w|__\\w+__|\\b(?:drop|truncate|alter)"
              + " table\\b|\\bdelete from\\b|\\binsert into\\b|\\bunion"
              + " select\\b|\\bor\\s+'?1'?\\s*=");

  private static final Pattern CAP =
      Pattern.compile(
          "\\bapprov|\\bguardrail|\\bauthori[sz]"
              + "|\\b(?:raise|increase|lift|extend|override|ignore|disregard|bypass|disable|exceed|forget|double)\\b.{0,40}\\b(?:caps?|budgets?|limits?|quotas?|timeouts?|instructions?|rules?|polic(?:y|ies)|restrictions?|checks?|prompts?)\\b|\\b(?:caps?|budgets?|limits?|quotas?)\\b.{0,20}\\b(?:raised|increased|lifted|removed|unlimited|to"
              + " \\d)|max_parallel|llm_usd|gpu_hours|system prompt|developer mode|jailbreak");

  private static final Pattern CAP_NAME =
      Pattern.compile(
          "(?:.*[_.\\-"
              + " ])?(?:cap|caps|budget|timeout|max_?parallel|gpus?|gpu_hours|llm_usd|quota|limit|approval|approved|approve|guardrails?|allowed_paths|preflight|command|backend)(?:[_.\\-"
              + " ].*)?");

  private TextGuard() {}

  /** Normalizes a text: one line, no invisible characters, compatibility forms replaced. */
  static String plain(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
    return CONTROL
        .matcher(INVISIBLE.matcher(normal).replaceAll(""))
        .replaceAll(" ")
        .replace('`', '\'')
        .replaceAll("\\s+", " ")
        .strip();
  }

  /** Returns the reason to refuse a text; empty if it is accepted. */
  static Optional<IdeaRefusal> refusal(String field, String text) {
    String lower = plain(text).toLowerCase(Locale.ROOT);
    if (CAP.matcher(lower).find()) {
      return Optional.of(
          new IdeaRefusal(
              IdeaRefusal.Kind.TOUCHES_A_CAP,
              field + " speaks of caps, rules or approvals, which are not its business"));
    }
    if (matches(ADDRESS, lower) || matches(PATH, lower) || matches(WORKFLOW, lower)) {
      return Optional.of(
          new IdeaRefusal(
              IdeaRefusal.Kind.FORBIDDEN_TEXT, field + " names an address, a path or a workflow"));
    }
    if (matches(COMMAND, lower)) {
      return Optional.of(
          new IdeaRefusal(
              IdeaRefusal.Kind.FORBIDDEN_TEXT, field + " has commands or markup in it"));
    }
    return Optional.empty();
  }

  /** Returns whether a name is that of a cap, a limit, an approval or a guardrail. */
  static boolean isCap(String parameter) {
    return CAP_NAME.matcher(plain(parameter).toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean matches(Pattern pattern, String text) {
    return pattern.matcher(text).find();
  }
}
