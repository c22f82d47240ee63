package dev.dormouse.campaign;

import java.util.List;

/**
 * A decision. If there is nothing to do, events and commands are empty.
 *
 * @param events to commit first, in order
 * @param commands to carry out after the commit
 * @param explanation the reasons, for people; one sentence each
 */
public record Decision(
    List<CampaignEvent> events, List<Command> commands, List<String> explanation) {
  public Decision {
    events = List.copyOf(events);
    commands = List.copyOf(commands);
    explanation = List.copyOf(explanation);
  }
}
