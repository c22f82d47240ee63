package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.CampaignStateBuilder;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tick.TickMarks;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/** Protocols that are each broken in one way in which a real one could be. */
@SuppressWarnings("ImmutableEnumChecker") // A protocol is code, and never changes.
enum Mutant {
  /** Writes whatever others wrote meanwhile. */
  NO_COMPARE_AND_SWAP(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendIfVersion(
                    Table table, long expectedVersion, List<TableRow> rows) {
                  return rows.isEmpty() || real.append(table, rows) >= 0;
                }
              })),

  /** Goes on as if it had won the race that it lost. */
  IGNORES_A_LOST_RACE(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendIfVersion(
                    Table table, long expectedVersion, List<TableRow> rows) {
                  real.appendIfVersion(table, expectedVersion, rows);
                  return true;
                }
              })),

  /** Commits every event on its own. */
  ONE_COMMIT_AN_EVENT(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendIfVersion(
                    Table table, long expectedVersion, List<TableRow> rows) {
                  long version = expectedVersion;
                  for (TableRow row : rows) {
                    if (!real.appendIfVersion(table, version, List.of(row))) {
                      return false;
                    }
                    version++;
                  }
                  return true;
                }
              })),

  /** Tells that it wrote the log before it did, and never does. */
  LOSES_COMMITS(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendIfVersion(
                    Table table, long expectedVersion, List<TableRow> rows) {
                  return rows.size() % 7 == 3 || real.appendIfVersion(table, expectedVersion, rows);
                }
              })),

  /** Does not see the newest commit. */
  READS_A_SHORTENED_LOG(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public Read readBetween(Table table, String column, long after, long upTo) {
                  Read read = real.readBetween(table, column, after, upTo);
                  long version = Math.max(0, read.version() - 1);
                  return new Read(
                      version,
                      read.rows().stream().filter(row -> row.number(column) <= version).toList());
                }
              })),

  /** Takes an old snapshot for the newest. */
  MISNAMES_SNAPSHOTS(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public Optional<byte[]> cached(Table table, String name) {
                  return name.startsWith("snapshot")
                      ? real.cached(table, real.cachedNames(table).get(2))
                      : real.cached(table, name);
                }
              })),

  /** Reads whatever forecasts there are. */
  MIXES_FORECASTS_OF_PLANS(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public Read readWhere(Table table, String column, String text) {
                  return real.read(table);
                }
              })),

  /** Chooses arms without the forecasts that the plan rests on. */
  FORGETS_THE_FORECASTS(
      new Protocol() {
        @Override
        public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
          return (state, forecasts, observations, inbox, now) ->
              real.decide(state, plan -> Optional.empty(), observations, inbox, now);
        }
      }),

  /** Projects again what it projected before. */
  PROJECTS_AGAIN(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendOnce(
                    Table table,
                    String appId,
                    long upTo,
                    LongFunction<Optional<List<TableRow>>> rowsAfter) {
                  rowsAfter
                      .apply(Math.max(-1, upTo - 3))
                      .ifPresent(rows -> real.append(table, rows));
                  return true;
                }
              })),

  /** Marks runs as projected without writing them. */
  FORGETS_TO_PROJECT(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public boolean appendOnce(
                    Table table,
                    String appId,
                    long upTo,
                    LongFunction<Optional<List<TableRow>>> rowsAfter) {
                  return real.appendOnce(
                      table,
                      appId,
                      upTo,
                      done ->
                          table.equals(RunsTable.TABLE)
                              ? Optional.of(List.of())
                              : rowsAfter.apply(done));
                }
              })),

  /** Never reads what people say. */
  IGNORES_PEOPLE(
      store(
          real ->
              new StoreOf(real) {
                @Override
                public Read read(Table table) {
                  return table.equals(InboxTable.TABLE)
                      ? new Read(real.read(table).version(), List.of())
                      : real.read(table);
                }
              })),

  /** Gives every launch a name of its own. */
  A_NEW_ID_EACH_LAUNCH(
      backend(
          (real, clock, random) ->
              new BackendOf(real) {
                @Override
                public String launch(CampaignSpec spec, Command.Launch launch) {
                  TrialKey key = launch.key();
                  return real.launch(
                      spec,
                      new Command.Launch(
                          new TrialKey(
                              key.campaignId(), key.trialId(), 1 + random.nextInt(1_000_000)),
                          launch.trial(),
                          launch.launchNotAfter()));
                }
              })),

  /** Lets launches begin however late. */
  LAUNCHES_NEVER_TOO_LATE(
      backend(
          (real, clock, random) ->
              new BackendOf(real) {
                @Override
                public String launch(CampaignSpec spec, Command.Launch launch) {
                  return real.launch(
                      spec,
                      new Command.Launch(
                          launch.key(),
                          launch.trial(),
                          launch.launchNotAfter().plus(Duration.ofDays(30))));
                }
              })),

  /** Takes a run that is not there for one that will never be. */
  RELEASES_ON_404(
      observe(
          (seen, clock) ->
              seen instanceof Observation.NotFound notFound
                  ? new Observation.NotFound(notFound.key(), Instant.MAX)
                  : seen)),

  /** Goes by its own clock when it decides what can still begin. */
  RELEASES_BY_ITS_OWN_CLOCK(
      observe(
          (seen, clock) ->
              seen instanceof Observation.NotFound notFound
                  ? new Observation.NotFound(notFound.key(), clock.instant())
                  : seen)),

  /** Takes what it cannot ask about for failed. */
  UNKNOWN_IS_FAILED(
      observe(
          (seen, clock) ->
              seen instanceof Observation.Unknown unknown
                  ? new Observation.Ended(unknown.key(), "", failed(clock.instant()))
                  : seen)),

  /** Takes what still runs for ended. */
  RUNNING_IS_ENDED(
      observe(
          (seen, clock) ->
              seen instanceof Observation.Running running
                  ? new Observation.Ended(running.key(), "", failed(clock.instant()))
                  : seen)),

  /** Never notices that a run was not launched. */
  NEVER_LAUNCHES_AGAIN(
      observe(
          (seen, clock) ->
              seen instanceof Observation.NotFound notFound
                  ? new Observation.Unknown(notFound.key(), "404")
                  : seen)),

  /** Forgets what runs have cost. */
  RUNS_FOR_NOTHING(
      observe(
          (seen, clock) ->
              seen instanceof Observation.Ended ended
                  ? new Observation.Ended(ended.key(), ended.externalId(), free(ended.outcome()))
                  : seen)),

  /** Keeps the line of the log as it is, with its secrets. */
  TELLS_SECRETS(
      observe(
          (seen, clock) ->
              seen instanceof Observation.Ended ended
                  ? new Observation.Ended(ended.key(), ended.externalId(), telling(ended.outcome()))
                  : seen)),

  /** Starts trainings while it decides, before anything is committed. */
  POSTS_BEFORE_INTENT(
      new Protocol() {
        @Override
        public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
          return (state, forecasts, observations, inbox, now) -> {
            Decision decision = real.decide(state, forecasts, observations, inbox, now);
            for (Command command : decision.commands()) {
              if (command instanceof Command.Launch launch) {
                backend.launch(state.spec().orElseThrow(), launch);
              }
            }
            return decision;
          };
        }
      }),

  /** Reserves nothing. */
  NO_RESERVATION(
      events(
          event ->
              event instanceof CampaignEvent.Intent intent
                  ? new CampaignEvent.Intent(
                      intent.trial(), intent.attempt(), 0, intent.launchNotAfter())
                  : event)),

  /** Has no cap. */
  NO_CAP_CHECK(
      before(
          state ->
              changed(
                  state,
                  state.status(),
                  state
                      .approval()
                      .map(
                          a ->
                              new CampaignState.Approval(
                                  a.planHash(), Long.MAX_VALUE / 4, a.by()))))),

  /** Starts new runs while the campaign is paused. */
  NO_PAUSE(
      before(
          state ->
              state.status() == Status.PAUSED
                  ? changed(state, Status.RUNNING, state.approval())
                  : state)),

  /** Says that it obeyed, and does not. */
  ONLY_SAYS_THAT_IT_HALTED(
      filtered(
          event ->
              !(event instanceof CampaignEvent.Commanded commanded)
                  || !commanded.kind().equals("halt"))),

  /** Approves whatever plan is newest, whichever was meant. */
  APPROVES_ANOTHER_PLAN(
      new Protocol() {
        @Override
        public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
          return (state, forecasts, observations, inbox, now) ->
              real.decide(
                  state,
                  forecasts,
                  observations,
                  inbox.stream()
                      .map(
                          m ->
                              m instanceof InboxMessage.Approve approve
                                  ? new InboxMessage.Approve(
                                      approve.header(),
                                      state.planHash().orElseThrow(),
                                      approve.capMicros())
                                  : m)
                      .toList(),
                  now);
        }
      }),

  /** Approves with more than was approved. */
  RAISES_THE_CAP(
      events(
          event ->
              event instanceof CampaignEvent.Approved approved
                  ? new CampaignEvent.Approved(
                      approved.planHash(),
                      approved.capMicros() + 1,
                      approved.by(),
                      approved.channel())
                  : event)),

  /** Loses results. */
  FORGETS_RESULTS(
      filtered(
          event ->
              !(event instanceof CampaignEvent.Settled settled)
                  || settled.outcome().status() == RunStatus.OK)),

  /** Remembers as published what was not. */
  ACKNOWLEDGES_WITHOUT_PUBLISHING(
      new Protocol() {
        @Override
        public Outbox outbox(Outbox real) {
          return new Outbox() {
            @Override
            public List<String> publish(CampaignState state) {
              return SimulatedTracking.items(state).stream()
                  .filter(item -> !state.publishedKeys().contains(item))
                  .toList();
            }

            @Override
            public int pending(CampaignState state) {
              return real.pending(state);
            }
          };
        }
      }),

  /** Publishes the same again and again. */
  NEVER_ACKNOWLEDGES(
      new Protocol() {
        @Override
        public Outbox outbox(Outbox real) {
          return new Outbox() {
            @Override
            public List<String> publish(CampaignState state) {
              real.publish(state);
              return List.of("something else");
            }

            @Override
            public int pending(CampaignState state) {
              return real.pending(state);
            }
          };
        }
      }),

  /** Does not know that a campaign killed it before. */
  FORGETS_DEATHS(
      new Protocol() {
        @Override
        public TickMarks marks(TickMarks real) {
          return new TickMarks() {
            @Override
            public Map<String, Integer> crashes() {
              return new TreeMap<>();
            }

            @Override
            public void enter(String campaignId) {
              real.enter(campaignId);
            }

            @Override
            public void leave() {
              real.leave();
            }

            @Override
            public void clearCrashes(String campaignId) {
              real.clearCrashes(campaignId);
            }
          };
        }
      }),

  /** Dies of any campaign that cannot be decided. */
  NO_FENCE(
      new Protocol() {
        @Override
        public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
          return (state, forecasts, observations, inbox, now) -> {
            try {
              return real.decide(state, forecasts, observations, inbox, now);
            } catch (IllegalStateException e) {
              throw new AssertionError(e);
            }
          };
        }
      });

  private final Protocol protocol;

  Mutant(Protocol protocol) {
    this.protocol = protocol;
  }

  Protocol protocol() {
    return protocol;
  }

  private static Protocol store(UnaryOperator<TableStore> mutation) {
    return new Protocol() {
      @Override
      public TableStore store(TableStore real, Random random) {
        return mutation.apply(real);
      }
    };
  }

  private interface BackendMutation {
    TrainingBackend of(TrainingBackend real, Clock clock, Random random);
  }

  private static Protocol backend(BackendMutation mutation) {
    return new Protocol() {
      @Override
      public TrainingBackend backend(TrainingBackend real, Clock clock, Random random) {
        return mutation.of(real, clock, random);
      }
    };
  }

  private interface Seeing {
    Observation of(Observation seen, Clock clock);
  }

  private static Protocol observe(Seeing mutation) {
    return backend(
        (real, clock, random) ->
            new BackendOf(real) {
              @Override
              public Observation observe(CampaignSpec spec, Attempt attempt) {
                return mutation.of(real.observe(spec, attempt), clock);
              }
            });
  }

  private static Protocol before(UnaryOperator<CampaignState> mutation) {
    return new Protocol() {
      @Override
      public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
        return (state, forecasts, observations, inbox, now) ->
            real.decide(mutation.apply(state), forecasts, observations, inbox, now);
      }
    };
  }

  private static Protocol events(UnaryOperator<CampaignEvent> mutation) {
    return after(events -> events.stream().map(mutation).toList());
  }

  private static Protocol filtered(java.util.function.Predicate<CampaignEvent> kept) {
    return after(events -> events.stream().filter(kept).toList());
  }

  private static Protocol after(UnaryOperator<List<CampaignEvent>> mutation) {
    return new Protocol() {
      @Override
      public Decider.Rule rule(Decider.Rule real, TrainingBackend backend) {
        return (state, forecasts, observations, inbox, now) -> {
          Decision decision = real.decide(state, forecasts, observations, inbox, now);
          return new Decision(
              mutation.apply(new ArrayList<>(decision.events())),
              decision.commands(),
              decision.explanation());
        };
      }
    };
  }

  private static CampaignState changed(
      CampaignState state, Status status, Optional<CampaignState.Approval> approval) {
    return CampaignStateBuilder.builder(state).status(status).approval(approval).build();
  }

  private static RunOutcome failed(Instant now) {
    return new RunOutcome(
        RunStatus.INFRA, new TreeMap<>(), List.of(), now, now, 0, "lost", "no answer");
  }

  private static RunOutcome free(RunOutcome outcome) {
    return new RunOutcome(
        outcome.status(),
        outcome.metrics(),
        outcome.curve(),
        outcome.startedAt(),
        outcome.finishedAt(),
        0,
        outcome.rule(),
        outcome.detail());
  }

  private static RunOutcome telling(RunOutcome outcome) {
    return new RunOutcome(
        outcome.status(),
        outcome.metrics(),
        outcome.curve(),
        outcome.startedAt(),
        outcome.finishedAt(),
        outcome.costMicros(),
        outcome.rule(),
        "API_KEY=" + SimulatedCluster.SECRET);
  }

  /** A store that does what another does. */
  private static class StoreOf implements TableStore {
    private final TableStore real;

    StoreOf(TableStore real) {
      this.real = real;
    }

    @Override
    public long version(Table table) {
      return real.version(table);
    }

    @Override
    public Read read(Table table) {
      return real.read(table);
    }

    @Override
    public Read readBetween(Table table, String column, long after, long upTo) {
      return real.readBetween(table, column, after, upTo);
    }

    @Override
    public Read readWhere(Table table, String column, String text) {
      return real.readWhere(table, column, text);
    }

    @Override
    public long append(Table table, List<TableRow> rows) {
      return real.append(table, rows);
    }

    @Override
    public boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows) {
      return real.appendIfVersion(table, expectedVersion, rows);
    }

    @Override
    public boolean appendOnce(
        Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter) {
      return real.appendOnce(table, appId, upTo, rowsAfter);
    }

    @Override
    public long lastAppVersion(Table table, String appId) {
      return real.lastAppVersion(table, appId);
    }

    @Override
    public Optional<byte[]> cached(Table table, String name) {
      return real.cached(table, name);
    }

    @Override
    public List<String> cachedNames(Table table) {
      return real.cachedNames(table);
    }

    @Override
    public void cache(Table table, String name, byte[] content) {
      real.cache(table, name, content);
    }

    @Override
    public void dropCached(Table table, String name) {
      real.dropCached(table, name);
    }
  }

  /** A backend that does what another does. */
  private static class BackendOf implements TrainingBackend {
    private final TrainingBackend real;

    BackendOf(TrainingBackend real) {
      this.real = real;
    }

    @Override
    public String launch(CampaignSpec spec, Command.Launch launch) {
      return real.launch(spec, launch);
    }

    @Override
    public Observation observe(CampaignSpec spec, Attempt attempt) {
      return real.observe(spec, attempt);
    }

    @Override
    public void stop(CampaignSpec spec, Command.Stop stop) {
      real.stop(spec, stop);
    }
  }
}
