package dev.dormouse.llm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;

/** Names the processes that make calls, so that others can tell whether these still run. */
final class CallOwner {
  /** This process: host, process id and start time. */
  static final String CURRENT = current();

  private CallOwner() {}

  private static String current() {
    ProcessHandle self = ProcessHandle.current();
    return host() + '/' + self.pid() + '/' + startOf(self);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Returns whether a process may still run; always true for processes of other machines. */
  static boolean mayBeAlive(String owner) {
    if (owner.equals(CURRENT)) {
      return true;
    }
    String[] parts = owner.split("/", -1);
    if (parts.length != 3 || !CURRENT.startsWith(parts[0] + '/')) {
      return true;
    }
    return ProcessHandle.of(Long.parseLong(parts[1]))
        .filter(process -> startOf(process) == Long.parseLong(parts[2]))
        .map(ProcessHandle::isAlive)
        .orElse(false);
  }
}
