package dev.dormouse.tick;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Approval;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Digests;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of all campaigns as of one commit of their log, so that older events need not be read
 * again. It is made from the log and can be made again: one that is lost or damaged only costs
 * time.
 *
 * @param version the commit
 * @param chains every campaign's state and the hash of its last event
 */
record Snapshot(long version, Map<String, CampaignLog.Chain> chains) {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
  private static final int KEPT = 2;

  /** Raised whenever the stored form changes: snapshots of other forms are passed over. */
  private static final String FORM = "1";

  private static final Pattern NAME =
      Pattern.compile("snapshot-" + FORM + "-(\\d{20})\\.jsonl\\.gz");
  private static final ObjectReader READER = Json.mapper().readerFor(Stored.class);

  /** A campaign as stored; maps with compound keys are no JSON. */
  private record Stored(
      String campaignId,
      String hash,
      long lastSeq,
      Optional<CampaignSpec> spec,
      int rules,
      Status status,
      Optional<Plan> plan,
      Optional<Approval> approval,
      Optional<Phase> phase,
      List<Attempt> attempts,
      List<CampaignEvent.Diagnosed> diagnoses,
      List<Touch> touches,
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
          state.approval(),
          state.phase(),
          List.copyOf(state.attempts().values()),
          state.diagnoses(),
          state.touches(),
          state.strikes(),
          state.answeredMessages(),
          state.publishedKeys(),
          state.verdict());
    }

    CampaignLog.Chain chain() {
      Map<TrialKey, Attempt> byKey = new LinkedHashMap<>();
      attempts.forEach(attempt -> byKey.put(attempt.key(), attempt));
      return new CampaignLog.Chain(
          new CampaignState(
              campaignId,
              lastSeq,
              spec,
              rules,
              status,
              plan,
              approval,
              phase,
              byKey,
              diagnoses,
              touches,
              strikes,
              answeredMessages,
              publishedKeys,
              verdict),
          hash);
    }
  }

  /** The newest snapshot that is whole; empty if there is none. */
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
    try {
      String text = new String(unzipped(bytes), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n', text.length() - 2) + 1;
      if (!Digests.sha256(text.substring(0, end)).equals(text.substring(end).strip())) {
        LOG.warn(
            "Snapshot {} of the log of campaigns is damaged; reading the log instead", version);
        return Optional.empty();
      }
      Map<String, CampaignLog.Chain> chains = new TreeMap<>();
      for (String line : text.substring(0, end).lines().toList()) {
        Stored stored = READER.readValue(line);
        chains.put(stored.campaignId(), stored.chain());
      }
      return Optional.of(new Snapshot(version, chains));
    } catch (IOException e) {
      LOG.warn(
          "Snapshot {} of the log of campaigns cannot be read; reading the log instead: {}",
          version,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Writes this snapshot, and deletes those that are older than the one before it. */
  void write(TableStore store) {
    store.cache(ControlEventsTable.TABLE, name(version), encoded());
    versions(store).stream()
        .sorted(Comparator.reverseOrder())
        .skip(KEPT)
        .forEach(old -> store.dropCached(ControlEventsTable.TABLE, name(old)));
  }

  private byte[] encoded() {
    StringBuilder lines = new StringBuilder();
    chains.values().forEach(chain -> lines.append(Json.write(Stored.of(chain))).append('\n'));
    String text = lines.toString();
    return zipped((text + Digests.sha256(text) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] zipped(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static byte[] unzipped(byte[] bytes) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return gzip.readAllBytes();
    }
  }
}
