package io.p2pchat.cli.chat;

import io.p2pchat.PeerAddress;
import io.p2pchat.PeerNode;
import io.p2pchat.SendOutcome;
import io.p2pchat.cli.output.EventText;
import io.p2pchat.cli.output.LineOutput;
import io.p2pchat.cli.output.PeerLists;
import io.p2pchat.cli.output.ResultText;
import io.p2pchat.cli.output.TrustNotices;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The chat menu of a running node: asks what to do, does it, until Quit. */
public final class Menu {
  private static final String CHOICES =
      "Choose: 1 Send message, 2 Query peers, 3 Connect to peers, 0 Quit";

  /** A little longer than it takes to find that nobody answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final PeerNode node;
  private final LinePrompt questions;
  private final LineOutput out;
  private final TrustNotices news;
  private final DelayedResults results;

  public Menu(PeerNode node, LinePrompt questions, LineOutput out, TrustNotices news) {
    this.node = node;
    this.questions = questions;
    this.out = out;
    this.news = news;
    this.results = new DelayedResults(out, PATIENCE);
  }

  /** Returns at Quit. */
  public void run() throws EndOfInputException {
    String choice = questions.ask(CHOICES);
    while (!choice.equals("0")) {
      try {
        perform(choice);
      } catch (WrongAnswerException e) {
        out.print(String.valueOf(e.getMessage()));
      }
      choice = questions.ask(CHOICES);
    }
  }

  private void perform(String choice) throws EndOfInputException, WrongAnswerException {
    switch (choice) {
      case "1" -> send();
      case "2" -> out.print(PeerLists.of(node));
      case "3" -> connect();
      default ->
          throw new WrongAnswerException(
              "not a choice: \"" + choice + "\"; accepted are 1, 2, 3 and 0");
    }
  }

  private void send() throws EndOfInputException, WrongAnswerException {
    PeerAddress to = address("Recipient IP:", "Recipient port:");
    String text = questions.ask("Message:");
    results.show(
        node.send(to, text)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of(ResultText.sent("Message", delivery, to))
                        : news.failure(ResultText.failed(failure), failure)),
        "Message not yet delivered to " + to + "; the result follows.");
  }

  private void connect() throws EndOfInputException, WrongAnswerException {
    String way = questions.ask("A to connect to all active peers, M to connect to one by its IP:");
    switch (way.toUpperCase(Locale.ROOT)) {
      case "A" -> connectToAll();
      case "M" -> connectToOne();
      default ->
          throw new WrongAnswerException("not a choice: \"" + way + "\"; accepted are A and M");
    }
  }

  private void connectToOne() throws EndOfInputException, WrongAnswerException {
    PeerAddress to = address("Peer IP:", "Peer port:");
    results.show(
        node.connect(to)
            .handle(
                (delivery, failure) ->
                    failure == null
                        ? List.of(ResultText.connected(to))
                        : notConnected(to, failure)),
        "Not yet connected to " + to + "; the result follows.");
  }

  private void connectToAll() {
    results.show(
        node.connectAll()
            .handle(
                (outcomes, failure) ->
                    failure == null
                        ? lines(outcomes)
                        : List.of(ResultText.notConnected("the active peers", failure))),
        "Not yet connected to all active peers; the results follow.");
  }

  private List<String> lines(List<SendOutcome> outcomes) {
    return outcomes.isEmpty()
        ? List.of("There are no active peers to connect to.")
        : outcomes.stream().flatMap(outcome -> lines(outcome).stream()).toList();
  }

  private List<String> lines(SendOutcome outcome) {
    String who = EventText.who(outcome.peer());
    return outcome instanceof SendOutcome.Failed failed
        ? notConnected(who, failed.failure())
        : List.of(ResultText.connected(who));
  }

  private List<String> notConnected(Object to, Throwable failure) {
    return news.failure(ResultText.notConnected(to, failure), failure);
  }

  private PeerAddress address(String hostQuestion, String portQuestion)
      throws EndOfInputException, WrongAnswerException {
    String host = questions.ask(hostQuestion, AddressParser::host);
    int port = questions.ask(portQuestion, AddressParser::port);
    return new PeerAddress(host, port);
  }
}
