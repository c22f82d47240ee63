package dev.dormouse.cli.text;

import dev.dormouse.hypothesize.AgentDrift;
import dev.dormouse.model.Source;
import dev.dormouse.summary.Numbers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prints how well Dormouse did in one campaign after the other. */
public final class AgentDriftText {
  private AgentDriftText() {}

  /** Prints a line for each campaign, in order of time, and one for each half of them. */
  public static void print(List<AgentDrift> campaigns, PrintWriter out) {
    List<Source> sources =
        Arrays.stream(Source.values())
            .filter(
                source ->
                    campaigns.stream().anyMatch(one -> one.sources().containsKey(source.id())))
            .toList();
    List<String> headings = new ArrayList<>();
    headings.addAll(
        List.of("campaign", "began", "trials", "better", "in 80%", "repeats", "confirmed"));
    sources.forEach(source -> headings.add(source.id()));
    Columns.print(
        out,
        headings,
        Stream.concat(campaigns.stream(), AgentDrift.halves(campaigns).stream())
            .map(one -> row(one, sources))
            .toList());
    out.println();
    out.println(
        "better: share of validated hypotheses that gained; in 80%: share of measured gains within"
            + " the 80% interval of their forecast; repeats: share of trials whose arm the study"
            + " had trained before; sources: share of trials.");
    out.flush();
  }

  private static List<String> row(AgentDrift one, List<Source> sources) {
    List<String> row = new ArrayList<>();
    row.add(one.what());
    row.add(one.beganAt().map(began -> began.toString().substring(0, 10)).orElse("-"));
    row.add(Long.toString(one.trials()));
    row.add(percent(one.shareBetter()));
    row.add(percent(one.coverage80()));
    row.add(percent(one.shareRepeats()));
    row.add(Long.toString(one.confirmed()));
    sources.forEach(source -> row.add(percent(one.shareOf(source))));
    return row;
  }

  private static String percent(Optional<Double> share) {
    return share.map(Numbers::percent).orElse("-");
  }
}
