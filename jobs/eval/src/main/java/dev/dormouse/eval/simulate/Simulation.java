package dev.dormouse.eval.simulate;

import dev.dormouse.model.Digests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Simulates many worlds, in parallel on all processors. */
public final class Simulation {
  private static final int MOST_CAMPAIGNS_PER_WORLD = 10;
  private static final int WORLDS_PER_TASK = 50;
  private static final int VIOLATIONS_SHOWN = 20;

  private Simulation() {}

  /**
   * Totals of a simulation.
   *
   * @param campaigns number of campaigns
   * @param worlds number of worlds, each with a lake of its own
   * @param ticks number of ticks, those that crashed included
   * @param events number of control events written
   * @param faults number of faults
   * @param crashes number of processes that crashed
   * @param faultsByKind number of faults of each kind
   * @param mostCleanTicks ticks without faults that the slowest world needed to end
   * @param violations number of violated invariants
   * @param examples some violations, with the seed of their world
   * @param digest hash over all events; the same seed gives the same
   */
  public record Result(
      long campaigns,
      long worlds,
      long ticks,
      long events,
      long faults,
      long crashes,
      Map<String, Long> faultsByKind,
      int mostCleanTicks,
      long violations,
      List<String> examples,
      String digest) {
    public Result {
      faultsByKind = Map.copyOf(faultsByKind);
      examples = List.copyOf(examples);
    }
  }

  /**
   * Simulates campaigns under the real protocol.
   *
   * @param seed seed of the first world; the next worlds have the next seeds
   */
  public static Result run(long campaigns, long seed) throws InterruptedException {
    return run(campaigns, seed, Protocol.REAL);
  }

  /** Simulates campaigns under a protocol. */
  public static Result run(long campaigns, long seed, Protocol protocol)
      throws InterruptedException {
    int each = (int) Math.min(MOST_CAMPAIGNS_PER_WORLD, campaigns);
    long worlds = (campaigns + each - 1) / each;
    Totals totals = new Totals();
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<List<WorldResult>>> tasks = new ArrayList<>();
      for (long first = 0; first < worlds; first += WORLDS_PER_TASK) {
        long from = seed + first;
        long to = seed + Math.min(worlds, first + WORLDS_PER_TASK);
        tasks.add(
            threads.submit(
                () ->
                    LongStream.range(from, to)
                        .mapToObj(s -> new SimulatedWorld(s, each, protocol).run())
                        .toList()));
      }
      for (Future<List<WorldResult>> task : tasks) {
        task.get().forEach(totals::add);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot simulate a world", e.getCause());
    } finally {
      threads.shutdownNow();
    }
    return totals.result();
  }

  /** Adds up worlds, in order. */
  private static final class Totals {
    private final Map<String, Long> faults = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private long campaigns;
    private long worlds;
    private long ticks;
    private long events;
    private long violations;
    private int mostCleanTicks;
    private String digest = "";

    void add(WorldResult world) {
      worlds++;
      campaigns += world.campaigns();
      ticks += world.ticks();
      events += world.events();
      mostCleanTicks = Math.max(mostCleanTicks, world.cleanTicks());
      world.faults().forEach((fault, count) -> faults.merge(fault.id(), count, Long::sum));
      for (String violation : world.violations()) {
        violations++;
        if (examples.size() < VIOLATIONS_SHOWN) {
          examples.add("seed " + world.seed() + ": " + violation);
        }
      }
      digest = Digests.sha256(digest + world.digest());
    }

    Result result() {
      return new Result(
          campaigns,
          worlds,
          ticks,
          events,
          faults.values().stream().mapToLong(Long::longValue).sum(),
          faults.getOrDefault(Chaos.Fault.CRASH.id(), 0L),
          faults,
          mostCleanTicks,
          violations,
          examples,
          digest);
    }
  }
}
