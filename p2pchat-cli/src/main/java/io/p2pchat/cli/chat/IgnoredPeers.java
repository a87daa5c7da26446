package io.p2pchat.cli.chat;

import io.p2pchat.Fingerprint;
import io.p2pchat.Peer;
import io.p2pchat.PeerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The peers whose messages and notices the chat does not show, in a file. A peer that has shown a
 * key is ignored by its key. Another one is ignored by its address. It stays ignored when it shows
 * a key there later under the same name. An IP address stands for every unencrypted peer there. The
 * file has a line for each: key or address, and team, with a tab between them.
 *
 * <p>This class is thread-safe.
 */
final class IgnoredPeers {
  private static final int MAX = 1000;

  private final Path file;
  private Map<String, Entry> entries = new LinkedHashMap<>();
  private boolean loaded;

  /**
   * A peer that is ignored.
   *
   * @param id a key, an address or an IP address
   * @param team the team when the peer was ignored; empty for an IP address
   */
  record Entry(String id, String team) {
    static Entry of(Peer peer) {
      return new Entry(idOf(peer), peer.named() ? peer.teamName() : "");
    }

    static Entry ofHost(String host) {
      return new Entry(host, "");
    }

    /** Returns the key, unless it is ignored by an address. */
    Optional<Fingerprint> key() {
      try {
        return Optional.of(Fingerprint.parse(id));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    /** Returns whether a typed name, address or key stands for it. */
    boolean is(String typed) {
      return typed.equals(id)
          || (!team.isEmpty()
              && PeerNames.isNamed(
                  Peer.builder(ANYWHERE).teamName(team).fingerprint(key().orElse(null)).build(),
                  typed));
    }
  }

  private static final PeerAddress ANYWHERE = new PeerAddress("127.0.0.1", 1);

  IgnoredPeers(Path file) {
    this.file = file;
  }

  private static boolean is(Entry entry, Peer peer) {
    return entry.id.equals(idOf(peer)) || isShownLater(entry, peer);
  }

  /** With the same name, it is the ignored peer with a key now. Else it is another peer there. */
  private static boolean isShownLater(Entry entry, Peer peer) {
    return entry.id.equals(peer.address().toString())
        && (entry.team.isEmpty() || PeerNames.isSame(entry.team, peer.teamName()));
  }

  private static String idOf(Peer peer) {
    return peer.fingerprint().map(Fingerprint::toString).orElse(peer.address().toString());
  }

  /** Returns whether a peer is ignored. */
  synchronized boolean contains(Peer peer) {
    load();
    return !entries.isEmpty()
        && (entries.containsKey(idOf(peer))
            || Optional.ofNullable(entries.get(peer.address().toString()))
                .filter(entry -> isShownLater(entry, peer))
                .isPresent()
            || (!peer.encrypted() && entries.containsKey(peer.address().host())));
  }

  /** Returns those that are ignored. */
  synchronized List<Entry> all() {
    load();
    return List.copyOf(entries.values());
  }

  /**
   * Ignores a peer from now on.
   *
   * @throws WrongAnswerException if it is ignored already, there are too many, or the file cannot
   *     be written
   */
  synchronized void add(Entry entry) throws WrongAnswerException {
    change(
        changed -> {
          if (changed.putIfAbsent(entry.id, entry) != null) {
            throw new WrongAnswerException("this peer is ignored already");
          }
          if (changed.size() > MAX) {
            throw new WrongAnswerException(
                "not ignored: there are " + MAX + " already; remove one with /unignore PEER");
          }
        });
  }

  /**
   * Shows a peer again.
   *
   * @throws WrongAnswerException if the file cannot be written
   */
  synchronized void remove(Entry entry) throws WrongAnswerException {
    change(changed -> changed.remove(entry.id));
  }

  private interface Change {
    void make(Map<String, Entry> entries) throws WrongAnswerException;
  }

  private void change(Change change) throws WrongAnswerException {
    Closeable lock = TeamFiles.lock(file);
    try (lock) {
      Map<String, Entry> changed = reload();
      change.make(changed);
      entries = changed;
      TeamFiles.write(
          file, changed.values().stream().map(each -> each.id + "\t" + each.team).toList());
    } catch (IOException e) {
      throw new WrongAnswerException(
          "done for this chat only: could not write "
              + file
              + (e instanceof AccessDeniedException
                  ? ": permission denied"
                  : "; is the disk full?"));
    }
  }

  private void load() {
    if (!loaded) {
      entries = reload();
    }
  }

  /** Reads the file, which another chat may have changed. If that fails, keeps what is known. */
  private Map<String, Entry> reload() {
    loaded = true;
    Map<String, Entry> read = new LinkedHashMap<>();
    try {
      for (String line : TeamFiles.read(file, MAX)) {
        String[] parts = line.split("\t", 2);
        String team = parts.length == 2 && Peer.isTeamName(parts[1]) ? parts[1] : "";
        read.put(parts[0], new Entry(parts[0], team));
      }
      return read;
    } catch (IOException e) {
      return new LinkedHashMap<>(entries);
    }
  }

  /** Returns those that a typed text or one of these peers stands for. */
  synchronized List<Entry> find(String typed, List<Peer> peers) {
    load();
    List<Entry> found = new ArrayList<>();
    for (Entry each : entries.values()) {
      if (each.is(typed) || peers.stream().anyMatch(peer -> is(each, peer))) {
        found.add(each);
      }
    }
    return found;
  }
}
