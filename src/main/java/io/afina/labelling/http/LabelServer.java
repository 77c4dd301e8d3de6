package io.afina.labelling.http;

import io.afina.config.AfinaConfig;
import io.afina.config.LabellingConfig;
import io.afina.http.ProblemHandler;
import io.afina.http.Requests;
import io.afina.http.Tls;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.LabellingService;
import io.afina.labelling.LearningPanel;
import io.afina.labelling.ModelActions;
import io.afina.labelling.feed.AnswerFeed;
import io.afina.labelling.feed.LabellingClients;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.feed.RecordSearch;
import io.afina.labelling.feed.ReviewFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.AuditedLabels;
import io.afina.labelling.queue.ObservedQueue;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.LabellingMeters;
import io.afina.model.ModelLog;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.sse.SseHandler;
import io.javalin.util.JavalinBindException;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * The role that people label with: the page, its API, and this instance's share of the review
 * items. All that it knows is on the topics.
 */
public final class LabelServer implements AutoCloseable {

  private static final int MOST_THREADS = 64;
  private static final int FEWEST_THREADS = 4;
  private static final int IDLE_MILLIS = 60_000;
  private static final int ANY_ORIGIN_HEADER_BYTES = 16_384;

  private final Closer closer = new Closer();
  private final LabellingConfig config;
  private final boolean open;
  private final Javalin http;
  private final ReviewFeed review;
  private final ModelFeed models;
  private final CompletableFuture<?> ended;
  private final Routes routes = new Routes();

  /**
   * Starts it.
   *
   * @param actions what reviewers may do to the champion
   * @throws AfinaException when it has no users on an address that others can reach, a file is
   *     wrong, or the port is taken
   */
  public LabelServer(AfinaConfig all, ModelActions actions, MeterRegistry registry, Tracer tracer) {
    config = all.labelling();
    Users users = config.users() == null ? null : Users.open(Path.of(config.users()));
    requireSafe(users);
    try {
      LabellingClients clients = new LabellingClients(all);
      InstantSource clock = InstantSource.system();
      AnswerIndex ledger =
          new AnswerIndex(config.rememberedAnswers(), clock, ZoneId.systemDefault());
      LearningTimes times = new LearningTimes();
      ReviewQueue queue =
          new ReviewQueue(config.openItems(), config.leasesPerLabeller(), config.lease(), clock);
      Changes changes = new Changes();
      CorrectionSender answers = closer.own(new CorrectionSender(clients.producer()));
      PictureSource pictures =
          closer.own(new PictureSource(clients::single, config.pictureCacheBytes()));
      models = closer.own(new ModelFeed(ModelLog.open(all), times, changes));
      AnswerFeed ledgerFeed =
          closer.own(
              new AnswerFeed(clients.follower(), config.history(), ledger, times, queue, changes));
      review =
          closer.own(
              new ReviewFeed(
                  clients.reviewGroup(), clients.admin(), queue, ledger, ledgerFeed, changes));
      ended = CompletableFuture.anyOf(review.ended(), ledgerFeed.ended(), models.ended());
      PanelStream events = new PanelStream(new LearningPanel(queue, ledger, times, models));
      LabellingMeters meters = new LabellingMeters(registry);
      AuditedLabels audited = new AuditedLabels(ledger, meters);
      changes.to =
          () -> {
            events.changed();
            audited.changed();
          };
      AccessFilter guard = new AccessFilter(config, users);
      open = guard.authenticator().isOpen();
      meters.observe(new ObservedQueue(queue, ledger, clock));
      LabellingService desk =
          new LabellingService(
              queue, ledger, answers, pictures, review::isCurrent, changes, meters, tracer, clock);
      RecordSearch lookup = closer.own(new RecordSearch(clients.follower(), config.lookBack()));
      int limit = config.maxBodyBytes();
      routes(
          new SessionApi(guard.authenticator(), limit, actions != ModelActions.none()),
          new ItemsApi(desk, ledger, models, limit, config.leasesPerLabeller()),
          new ModelsApi(models, ledger, actions, limit));
      PicturesApi picturesApi = new PicturesApi(pictures);
      ImagesApi imagesApi = new ImagesApi(lookup);
      BulkApi bulk = new BulkApi(answers, clients::follower, config.maxUploadBytes());
      LabelStudioApi labelStudio = new LabelStudioApi(answers, queue, ledger, pictures, limit);
      routes
          .add(
              HandlerType.GET,
              "/api/events",
              UserRole.LABELLER,
              new SseHandler(client -> events.listen(client, AccessFilter.user(client.ctx()))))
          .add(
              HandlerType.GET,
              "/api/pictures/{partition}/{offset}",
              UserRole.LABELLER,
              picturesApi::get)
          .add(HandlerType.GET, "/api/images", UserRole.LABELLER, imagesApi::find)
          .add(HandlerType.POST, "/api/corrections", UserRole.ADMIN, bulk::upload)
          .add(HandlerType.GET, "/api/examples", UserRole.REVIEWER, bulk::export)
          .add(
              HandlerType.POST,
              "/api/label-studio/webhook",
              UserRole.LABELLER,
              labelStudio::webhook)
          .add(HandlerType.GET, "/api/label-studio/tasks", UserRole.REVIEWER, labelStudio::tasks);
      http = Javalin.create(javalin -> configure(javalin, guard));
      closer.own(http::stop);
      // Before the server, which would else wait for pages that never stop listening.
      closer.own(events);
      start();
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Where the page is, for a browser. */
  public String address() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return "%s://%s:%d"
        .formatted(config.tlsCertificate() == null ? "http" : "https", host, http.port());
  }

  /** Whether everybody who reaches it may do everything. */
  public boolean isOpen() {
    return open;
  }

  /** Completes when a part of it ended; exceptionally when it failed. */
  public CompletableFuture<?> ended() {
    return ended;
  }

  @Override
  public void close() {
    closer.close();
  }

  /** The routes of the API, for what describes them. */
  List<Routes.Route> routes() {
    return routes.all();
  }

  /** Parts are made before those that they tell. */
  private static final class Changes implements Runnable {
    private volatile Runnable to = () -> {};

    @Override
    public void run() {
      to.run();
    }
  }

  private void routes(SessionApi session, ItemsApi items, ModelsApi heads) {
    routes
        .add(HandlerType.GET, "/api/session", UserRole.ANYONE, session::get)
        .add(HandlerType.POST, "/api/session", UserRole.ANYONE, session::login)
        .add(HandlerType.DELETE, "/api/session", UserRole.ANYONE, session::logout)
        .add(HandlerType.POST, "/api/items", UserRole.LABELLER, items::take)
        .add(HandlerType.POST, "/api/answers", UserRole.LABELLER, items::answer)
        .add(HandlerType.POST, "/api/passes", UserRole.LABELLER, items::pass)
        .add(HandlerType.POST, "/api/undo", UserRole.LABELLER, items::undo)
        .add(HandlerType.GET, "/api/labels", UserRole.LABELLER, items::labels)
        .add(HandlerType.GET, "/api/models", UserRole.LABELLER, heads::list)
        .add(HandlerType.POST, "/api/models/promote", UserRole.REVIEWER, heads::promote)
        .add(HandlerType.POST, "/api/models/rollback", UserRole.REVIEWER, heads::rollback)
        .add(HandlerType.GET, "/api/health", UserRole.ANYONE, this::health);
  }

  record Health(String status) {}

  private void health(Context ctx) {
    boolean well = review.isCurrent() && !ended.isDone();
    ctx.status(well ? 200 : 503);
    Requests.answer(ctx, new Health(well ? "UP" : "DOWN"));
  }

  private void configure(JavalinConfig javalin, AccessFilter guard) {
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.startup.startupWatcherEnabled = false;
    javalin.http.prefer405over404 = true;
    javalin.router.ignoreTrailingSlashes = false;
    javalin.http.maxRequestSize = config.maxUploadBytes();
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, IDLE_MILLIS);
    threads.setName("afina-label-http");
    threads.setDaemon(true);
    javalin.jetty.threadPool = threads;
    javalin.jetty.modifyServer(server -> server.setErrorHandler(ProblemHandler.jetty()));
    javalin.jetty.modifyHttpConfiguration(LabelServer::limitHeaders);
    javalin.jetty.addConnector(this::connector);
    routes.into(javalin.routes, guard);
  }

  private static void limitHeaders(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(ANY_ORIGIN_HEADER_BYTES);
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    ServerConnector connector;
    if (config.tlsCertificate() == null || config.tlsKey() == null) {
      connector = new ServerConnector(server, Tls.plain(http));
    } else {
      http.addCustomizer(new SecureRequestCustomizer(false));
      connector =
          new ServerConnector(
              server, Tls.factories(http, config.tlsCertificate(), config.tlsKey()));
    }
    connector.setHost(config.host());
    connector.setPort(config.port());
    return connector;
  }

  private void start() {
    try {
      http.start();
    } catch (JavalinBindException e) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "port %d of %s is taken: stop what listens there, or choose another port with --label-port or --set labelling.port=N"
              .formatted(config.port(), config.host()),
          e);
    }
  }

  private void requireSafe(@Nullable Users users) {
    if (users == null && config.trustedHeader() == null && !isLoopback(config.host())) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "%s can be reached from elsewhere and nobody need log in: add users with afina label --users FILE --add-user NAME and set labelling.users, or listen on 127.0.0.1"
              .formatted(config.host()));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION, "labelling.host is %s: no such host".formatted(host), e);
    }
  }
}
