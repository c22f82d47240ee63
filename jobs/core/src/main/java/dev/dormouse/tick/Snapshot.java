package dev.dormouse.tick;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Approval;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.campaign.CampaignStateBuilder;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of all campaigns as of one commit of their log, so that older events need not be read
 * again. It is derived from the log: losing one only costs time.
 *
 * @param version the commit
 * @param chains every campaign's state and the hash of its last event
 */
record Snapshot(long version, Map<String, CampaignLog.Chain> chains) {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
  private static final int KEPT = 2;
  private static final int LINES_AT_A_TIME = 64;

  /** Increment when the stored form changes: snapshots of other forms are ignored. */
  private static final String FORM = "5";

  private static final Pattern NAME =
      Pattern.compile("snapshot-" + FORM + "-(\\d{20})\\.jsonl\\.gz");
  private static final ObjectReader READER = Json.mapper().readerFor(Stored.class);

  /** The stored form of a campaign; JSON has no maps with compound keys. */
  private record Stored(
      String campaignId,
      String hash,
      long lastSeq,
      Optional<CampaignSpec> spec,
      int rules,
      Status status,
      Optional<Plan> plan,
      Optional<String> planHash,
      String planReason,
      Optional<Approval> approval,
      Optional<Phase> phase,
      Map<Phase, Integer> split,
      List<Attempt> attempts,
      List<CampaignEvent.Diagnosed> diagnoses,
      List<Touch> touches,
      String hindrance,
      int strikes,
      Set<String> answeredMessages,
      Set<String> publishedKeys,
      Optional<Verdict> verdict) {

    static Stored of(CampaignLog.Chain chain) {
      CampaignState state = chain.state();
      return new Stored(
          state.campaignId(),
          chain.hash(),
          state.lastSeq(),
          state.spec(),
          state.rules(),
          state.status(),
          state.plan(),
          state.planHash(),
          state.planReason(),
          state.approval(),
          state.phase(),
          state.split(),
          List.copyOf(state.attempts().values()),
          state.diagnoses(),
          state.touches(),
          state.hindrance(),
          state.strikes(),
          state.answeredMessages(),
          state.publishedKeys(),
          state.verdict());
    }

    CampaignLog.Chain chain() {
      Map<TrialKey, Attempt> byKey = new LinkedHashMap<>();
      attempts.forEach(attempt -> byKey.put(attempt.key(), attempt));
      return new CampaignLog.Chain(
          CampaignStateBuilder.builder()
              .campaignId(campaignId)
              .lastSeq(lastSeq)
              .spec(spec)
              .rules(rules)
              .status(status)
              .plan(plan)
              .planHash(planHash)
              .planReason(planReason)
              .approval(approval)
              .phase(phase)
              .split(split)
              .attempts(byKey)
              .diagnoses(diagnoses)
              .touches(touches)
              .hindrance(hindrance)
              .strikes(strikes)
              .answeredMessages(answeredMessages)
              .publishedKeys(publishedKeys)
              .verdict(verdict)
              .build(),
          hash);
    }
  }

  /** Returns the newest undamaged snapshot; empty if there is none. */
  static Optional<Snapshot> newest(TableStore store) {
    return versions(store).stream()
        .sorted(Comparator.reverseOrder())
        .flatMap(version -> read(store, version).stream())
        .findFirst();
  }

  private static List<Long> versions(TableStore store) {
    return store.cachedNames(ControlEventsTable.TABLE).stream()
        .map(NAME::matcher)
        .filter(Matcher::matches)
        .map(name -> Long.parseLong(name.group(1)))
        .toList();
  }

  private static String name(long version) {
    return String.format("snapshot-%s-%020d.jsonl.gz", FORM, version);
  }

  private static Optional<Snapshot> read(TableStore store, long version) {
    return store
        .cached(ControlEventsTable.TABLE, name(version))
        .flatMap(bytes -> decoded(version, bytes));
  }

  private static Optional<Snapshot> decoded(long version, byte[] bytes) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8))) {
      Map<String, CampaignLog.Chain> chains = new TreeMap<>();
      MessageDigest digest = sha256();
      List<String> lines = new ArrayList<>();
      String last = reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(last);
        last = line;
        if (lines.size() == LINES_AT_A_TIME) {
          decode(lines, digest, chains);
        }
      }
      decode(lines, digest, chains);
      if (!HexFormat.of().formatHex(digest.digest()).equals(last)) {
        throw new IOException("its digest is wrong");
      }
      return Optional.of(new Snapshot(version, chains));
    } catch (IOException | UncheckedIOException e) {
      LOG.warn(
          "Snapshot {} of the log of campaigns is damaged; reading the log instead: {}",
          version,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static void decode(
      List<String> lines, MessageDigest digest, Map<String, CampaignLog.Chain> chains) {
    lines.forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
    Stream<String> stream =
        lines.size() == LINES_AT_A_TIME ? lines.parallelStream() : lines.stream();
    stream
        .map(Snapshot::stored)
        .toList()
        .forEach(stored -> chains.put(stored.campaignId(), stored.chain()));
    lines.clear();
  }

  private static Stored stored(String line) {
    try {
      return READER.readValue(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Writes this snapshot and deletes all but the newest two. */
  void write(TableStore store) {
    store.cache(ControlEventsTable.TABLE, name(version), encoded());
    versions(store).stream()
        .sorted(Comparator.reverseOrder())
        .skip(KEPT)
        .forEach(old -> store.dropCached(ControlEventsTable.TABLE, name(old)));
  }

  private byte[] encoded() {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      MessageDigest digest = sha256();
      for (CampaignLog.Chain chain : chains.values()) {
        byte[] line = (Json.write(Stored.of(chain)) + "\n").getBytes(StandardCharsets.UTF_8);
        digest.update(line);
        gzip.write(line);
      }
      String hex = HexFormat.of().formatHex(digest.digest());
      gzip.write((hex + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }
}
