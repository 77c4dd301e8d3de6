package io.afina.chaos;

import io.afina.Child;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The processes of the roles. One that ends by itself is started again, as whatever runs Afina
 * would do, and the chronicle says so.
 */
final class Crew implements AutoCloseable {

  private static final long LOOK_MILLIS = 500;
  private static final long BACK_OFF_LOOKS = 4;

  private final Path folder;
  private final Chronicle chronicle;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread supervisor = new Thread(this::supervise, "chaos-supervisor");

  /**
   * How a process is started.
   *
   * @param main its class
   * @param announcement what it prints once it does its work
   */
  record Start(
      String name, List<String> java, Class<?> main, List<String> arguments, String announcement) {

    Start {
      java = List.copyOf(java);
      arguments = List.copyOf(arguments);
    }
  }

  private static final class Member {

    private final Start start;
    private Child process;
    private boolean wanted;
    private long looksToWait;

    Member(Start start) {
      this.start = start;
    }
  }

  Crew(Path folder, Chronicle chronicle, List<Start> starts) {
    this.folder = folder;
    this.chronicle = chronicle;
    starts.forEach(start -> members.put(start.name(), new Member(start)));
    supervisor.setDaemon(true);
    supervisor.start();
  }

  /** Starts a member that does not run. */
  synchronized void start(String name) {
    Member member = members.get(name);
    if (member.wanted) {
      return;
    }
    begin(member);
    member.wanted = true;
  }

  /** Waits until a member does its work. */
  void awaitReady(String name) {
    Child process;
    synchronized (this) {
      process = members.get(name).process;
    }
    process.awaitOutput(members.get(name).start.announcement());
  }

  /** kill -9. */
  synchronized void kill(String name) throws InterruptedException {
    Member member = members.get(name);
    member.wanted = false;
    member.process.kill();
  }

  /** SIGTERM, and waits for the end. */
  void stop(String name) throws InterruptedException {
    Child process;
    synchronized (this) {
      Member member = members.get(name);
      member.wanted = false;
      process = member.process;
    }
    process.stop();
  }

  /** Stops a process as a machine may be stopped, or lets it go on. */
  synchronized void signal(String name, String signal) {
    Member member = members.get(name);
    if (member.process.isAlive()) {
      member.process.signal(signal);
    }
  }

  @Override
  public void close() {
    over.countDown();
    synchronized (this) {
      members.values().stream()
          .filter(member -> member.process != null)
          .forEach(
              member -> {
                member.wanted = false;
                member.process.close();
              });
    }
  }

  private void begin(Member member) {
    Start start = member.start;
    member.process =
        Child.start(folder, start.name(), start.java(), start.main(), start.arguments());
  }

  private void supervise() {
    try {
      while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look() throws InterruptedException {
    for (Member member : members.values()) {
      if (!member.wanted || member.process.isAlive()) {
        continue;
      }
      if (member.looksToWait == 0) {
        End end = new End(member.start.name(), member.process.awaitExit());
        chronicle.ended(end, lastWords(member.process));
        member.looksToWait = BACK_OFF_LOOKS;
      } else if (--member.looksToWait == 0) {
        begin(member);
      }
    }
  }

  private static String lastWords(Child process) {
    String output = process.output().strip();
    return output.substring(output.lastIndexOf('\n') + 1);
  }
}
