package dev.dormouse.campaign;

import java.util.List;

/**
 * What to record and then to do. Nothing to do is two empty lists.
 *
 * @param events to commit first, in order
 * @param commands to carry out after the commit
 * @param explanation why, for people; one sentence each
 */
public record Decision(
    List<CampaignEvent> events, List<Command> commands, List<String> explanation) {
  public Decision {
    events = List.copyOf(events);
    commands = List.copyOf(commands);
    explanation = List.copyOf(explanation);
  }
}
