package io.afina.labelling.http;

import static io.afina.labelling.security.UserRole.ADMIN;
import static io.afina.labelling.security.UserRole.ANYONE;
import static io.afina.labelling.security.UserRole.LABELLER;
import static io.afina.labelling.security.UserRole.REVIEWER;
import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.config.AfinaConfig;
import io.afina.config.LabellingConfig;
import io.afina.event.Topics;
import io.afina.http.HttpServer;
import io.afina.http.Requests;
import io.afina.http.Tls;
import io.afina.label.LabelWriter;
import io.afina.labelling.LabellingService;
import io.afina.labelling.LearningPanel;
import io.afina.labelling.ModelActions;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.feed.LabellingClients;
import io.afina.labelling.feed.RecordSearch;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.queue.GridLeasing;
import io.afina.labelling.queue.QueueMeters;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.Users;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.metrics.LabellingMeters;
import io.afina.picture.PictureRendering;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.sse.SseHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * The role that people label with: the page, its API, and this instance's share of the review
 * items. All that it knows is on the topics.
 */
public final class LabelServer implements AutoCloseable {

  private static final int THREADS = 64;

  private final Closer closer = new Closer();
  private final LabellingState state;
  private final Routes routes;
  private final HttpServer http;
  private final boolean open;

  /**
   * Starts it.
   *
   * @param actions what reviewers may do to the champion
   * @throws AfinaException when it has no users on an address that others can reach, a file is
   *     wrong, or the port is taken
   */
  public LabelServer(AfinaConfig all, ModelActions actions, MeterRegistry registry, Tracer tracer) {
    LabellingConfig config = all.labelling();
    Users users = config.users() == null ? null : Users.open(Path.of(config.users()));
    requireSafe(config, users);
    try {
      LabellingMeters meters = new LabellingMeters(registry);
      AccessFilter access = new AccessFilter(config, users, meters);
      open = access.authenticator().isOpen();
      LabellingClients clients = new LabellingClients(all);
      state = closer.own(new LabellingState(all, clients, registry));
      state.onChange(new QueueMeters(state.queue, state.answers, state.clock, meters)::changed);
      PanelStream panel =
          closer.own(
              new PanelStream(
                  new LearningPanel(
                      state.queue,
                      state.answers,
                      state.times,
                      state.models,
                      all.trainer().minExamplesPerLabel(),
                      config.dailyGoal()),
                  state.gallery::changes));
      state.onChange(panel::changed);
      RecordSearch search = closer.own(new RecordSearch(clients.follower(), config.lookBack()));
      routes = routes(config, access, actions, clients, search, service(meters, tracer), panel);
      http = closer.own(start(config, access, panel));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** Where the page is, for a browser. */
  public String address() {
    return http.address().toString();
  }

  /** Whether everybody who reaches it may do everything. */
  public boolean isOpen() {
    return open;
  }

  /** Why it takes no answers now, if there is a reason. */
  public Optional<String> missing() {
    return state.isWell() ? Optional.empty() : Optional.of("has lost touch with Kafka");
  }

  /** Completes when a part of it ended; exceptionally when it failed. */
  public CompletableFuture<?> ended() {
    return state.ended;
  }

  @Override
  public void close() {
    closer.close();
  }

  /** The routes of the API, for what describes them. */
  List<Route> routes() {
    return routes.all();
  }

  private LabellingService service(LabellingMeters meters, Tracer tracer) {
    return new LabellingService(
        state.queue,
        state.answers,
        state.sender,
        state.pictures,
        state.review::isCurrent,
        state::changed,
        meters,
        tracer,
        state.clock);
  }

  private Routes routes(
      LabellingConfig config,
      AccessFilter access,
      ModelActions actions,
      LabellingClients clients,
      RecordSearch search,
      LabellingService service,
      PanelStream panel) {
    int limit = config.maxBodyBytes();
    Topics topics = clients.config().topics();
    ImageIdLimit ids = new ImageIdLimit(clients.config().pictures().maxKeyBytes());
    PicturesApi pictures =
        new PicturesApi(state.pictures, new PictureRendering(clients.config().pictures()));
    return routes(
        new SessionApi(access.authenticator(), limit),
        new ItemsApi(
            service,
            state.answers,
            state.models,
            state.labels::table,
            config.lease(),
            limit,
            config.leasesPerLabeller()),
        new AnswersApi(service, state.answers, ids, limit),
        labels(clients, limit),
        new ModelsApi(state.models, new HeadViews(state.models, state.answers), actions, limit),
        pictures,
        new GridApi(
            service,
            new GridLeasing(state.queue),
            state.labelled,
            pictures,
            state.labels::table,
            ids,
            limit),
        new ImagesApi(topics, search, ids),
        new GalleryApi(
            state.gallery, state.answers, state.labels::table, state.galleryFeed::isReading),
        new BulkApi(
            topics.training(),
            state.labels::table,
            state.sender,
            clients::follower,
            ids,
            config.maxUploadBytes()),
        new LabelStudioApi(state.queue, state.pictures, pictures.rendering()),
        new LabelStudioWebhook(state.sender, state.answers, state.annotations, ids, limit),
        new SseHandler(client -> panel.listen(client, AccessFilter.user(client.ctx()))),
        state::isWell);
  }

  private LabelsApi labels(LabellingClients clients, int limit) {
    return new LabelsApi(
        edit -> LabelWriter.write(clients.config(), edit).records(),
        new LabelViews(state.labels::table, state.answers, state.models),
        state.answers,
        limit);
  }

  /**
   * Every route of the API with the role that it needs; {@code openapi.json} describes them.
   *
   * @param events holds the connections that get the learning panel
   * @param well whether this instance may take answers
   */
  static Routes routes(
      SessionApi session,
      ItemsApi items,
      AnswersApi answers,
      LabelsApi labels,
      ModelsApi models,
      PicturesApi pictures,
      GridApi grid,
      ImagesApi images,
      GalleryApi gallery,
      BulkApi bulk,
      LabelStudioApi labelStudio,
      LabelStudioWebhook webhook,
      Handler events,
      BooleanSupplier well) {
    List<Route> own =
        List.of(
            new Route(GET, "/api/health", ANYONE, ctx -> health(ctx, well.getAsBoolean())),
            new Route(POST, "/api/items", LABELLER, items::take),
            new Route(POST, "/api/answers", LABELLER, items::answer),
            new Route(POST, "/api/passes", LABELLER, items::pass),
            new Route(DELETE, "/api/passes", LABELLER, items::askAgain),
            new Route(POST, "/api/undo", LABELLER, items::undo),
            new Route(GET, "/api/labels", LABELLER, items::labels),
            new Route(GET, "/api/events", LABELLER, events),
            new Route(GET, "/api/pictures/{partition}/{offset}", LABELLER, pictures::get),
            new Route(GET, "/api/images", LABELLER, images::find),
            new Route(GET, "/api/gallery", LABELLER, gallery::list),
            new Route(GET, "/api/models", LABELLER, models::list),
            new Route(GET, "/api/models/chart", LABELLER, models::chart),
            new Route(GET, "/api/models/{version}", LABELLER, models::get),
            new Route(GET, "/api/moves", LABELLER, models::moves),
            new Route(POST, "/api/models/promote", REVIEWER, models::promote),
            new Route(POST, "/api/models/rollback", REVIEWER, models::rollback),
            new Route(POST, "/api/models/unpin", REVIEWER, models::unpin),
            new Route(POST, "/api/corrections", ADMIN, bulk::upload),
            new Route(GET, "/api/examples", REVIEWER, bulk::export),
            new Route(POST, "/api/label-studio/webhook", LABELLER, webhook::take),
            new Route(GET, "/api/label-studio/tasks", REVIEWER, labelStudio::tasks));
    return Routes.of(Stream.of(session.routes(), answers.routes(), labels.routes(), grid.routes(), own));
  }

  private record Health(String status) {}

  private static void health(Context ctx, boolean well) {
    ctx.status(well ? 200 : 503);
    Requests.answer(ctx, new Health(well ? "UP" : "DOWN"));
  }

  private HttpServer start(LabellingConfig config, AccessFilter access, PanelStream panel) {
    try {
      return new HttpServer(
          new HttpServer.Listener(
              "afina-label-http", config.host(), config.port(), config.port(), THREADS),
          http -> connections(config, http),
          javalin -> {
            javalin.http.maxRequestSize = config.maxUploadBytes();
            // Else the server would wait for pages that never stop listening.
            javalin.events.serverStopping(panel::close);
            routes.into(javalin.routes, access);
          });
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.UNREACHABLE,
          "port %d of %s is taken: stop what listens there, or choose another port with --label-port or --set labelling.port=N"
              .formatted(config.port(), config.host()),
          e);
    }
  }

  private static ConnectionFactory[] connections(LabellingConfig config, HttpConfiguration http) {
    if (config.tlsCertificate() == null || config.tlsKey() == null) {
      return Tls.plain(http);
    }
    http.addCustomizer(new SecureRequestCustomizer(false));
    return Tls.factories(http, config.tlsCertificate(), config.tlsKey());
  }

  private static void requireSafe(LabellingConfig config, @Nullable Users users) {
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
