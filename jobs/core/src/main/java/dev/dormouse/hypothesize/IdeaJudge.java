package dev.dormouse.hypothesize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dormouse.hypothesize.IdeaReply.Comparison;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.stats.BradleyTerry;
import dev.dormouse.stats.BradleyTerry.Duel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has a language model criticise and compare ideas. */
final class IdeaJudge {
  /** Each idea is compared with so many of the next ones, in both positions. */
  private static final int OPPONENTS = 2;

  private final IdeaContext context;
  private final LlmBatches model;

  IdeaJudge(IdeaContext context, LlmBatches model) {
    this.context = context;
    this.model = model;
  }

  /** Returns the positions of the ideas that the model finds infeasible; none if it is silent. */
  Set<Integer> infeasible(List<Idea> ideas) {
    Set<Integer> infeasible = new HashSet<>();
    LlmReply reply = model.ask(List.of(IdeaPrompt.critique(context, ideas))).get(0);
    for (JsonNode verdict : tree(reply).path("verdicts")) {
      JsonNode number = verdict.path("number");
      JsonNode feasible = verdict.path("feasible");
      if (number.isInt() && feasible.isBoolean() && !feasible.asBoolean()) {
        infeasible.add(number.asInt());
      }
    }
    return infeasible;
  }

  /** Returns each idea's probability to be better than another one, from pairwise comparisons. */
  double[] winProbabilities(List<Idea> ideas) {
    List<int[]> pairs = new ArrayList<>();
    List<LlmRequest> questions = new ArrayList<>();
    for (int i = 0; i < ideas.size(); i++) {
      for (int j = i + 1; j <= Math.min(i + OPPONENTS, ideas.size() - 1); j++) {
        pairs.add(new int[] {i, j});
        questions.add(IdeaPrompt.comparison(context, ideas.get(i), ideas.get(j)));
        questions.add(IdeaPrompt.comparison(context, ideas.get(j), ideas.get(i)));
      }
    }
    List<LlmReply> replies = questions.isEmpty() ? List.of() : model.ask(questions);
    List<Duel> duels = new ArrayList<>();
    for (int pair = 0; pair < pairs.size(); pair++) {
      Optional<Boolean> straight = firstIsLikelier(replies.get(2 * pair));
      Optional<Boolean> swapped = firstIsLikelier(replies.get(2 * pair + 1));
      if (straight.isPresent() && swapped.isPresent()) {
        // A model that answers by position contradicts itself: undecided.
        double wins = (straight.get() ? 0.5 : 0) + (swapped.get() ? 0 : 0.5);
        duels.add(new Duel(pairs.get(pair)[0], pairs.get(pair)[1], wins));
      }
    }
    return BradleyTerry.chances(ideas.size(), duels);
  }

  private static Optional<Boolean> firstIsLikelier(LlmReply reply) {
    return switch (tree(reply).path("likelier").asText("")) {
      case Comparison.FIRST -> Optional.of(true);
      case Comparison.SECOND -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static JsonNode tree(LlmReply reply) {
    return reply.json().flatMap(IdeaReader::tree).orElseGet(MissingNode::getInstance);
  }
}
