package io.afina.labelling.http;

import static io.afina.labelling.security.UserRole.ANYONE;
import static io.afina.labelling.security.UserRole.LABELLER;
import static io.javalin.http.HandlerType.GET;

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
    ModelsApi models =
        new ModelsApi(state.models, new HeadViews(state.models, state.answers), actions, limit);
    Stream<List<Route>> apis =
        Stream.of(
            new SessionApi(access.authenticator(), limit).routes(),
            items(config, service).routes(),
            new AnswersApi(service, state.answers, ids, limit).routes(),
            labels(clients, limit).routes(),
            models.routes(),
            pictures.routes(),
            grid(service, pictures, ids, limit).routes(),
            new ImagesApi(topics, search, ids).routes(),
            gallery().routes(),
            bulk(clients, ids).routes(),
            new LabelStudioApi(state.queue, state.pictures, pictures.rendering()).routes(),
            new LabelStudioWebhook(state.sender, state.answers, state.annotations, ids, limit)
                .routes());
    return routes(
        apis,
        new SseHandler(client -> panel.listen(client, AccessFilter.user(client.ctx()))),
        state::isWell);
  }

  private ItemsApi items(LabellingConfig config, LabellingService service) {
    return new ItemsApi(
        service,
        state.answers,
        state.models,
        state.labels::table,
        config.lease(),
        config.maxBodyBytes(),
        config.leasesPerLabeller());
  }

  private GridApi grid(
      LabellingService service, PicturesApi pictures, ImageIdLimit ids, int limit) {
    return new GridApi(
        service,
        new GridLeasing(state.queue),
        state.labelled,
        pictures,
        state.labels::table,
        ids,
        limit);
  }

  private GalleryApi gallery() {
    return new GalleryApi(
        state.gallery, state.answers, state.labels::table, state.galleryFeed::isReading);
  }

  private BulkApi bulk(LabellingClients clients, ImageIdLimit ids) {
    AfinaConfig all = clients.config();
    return new BulkApi(
        all.topics().training(),
        state.labels::table,
        state.sender,
        clients::follower,
        ids,
        all.labelling().maxUploadBytes());
  }

  private LabelsApi labels(LabellingClients clients, int limit) {
    return new LabelsApi(
        edit -> LabelWriter.write(clients.config(), edit).records(),
        new LabelViews(state.labels::table, state.answers, state.models),
        state.answers,
        limit);
  }

  /**
   * Every route with the role that it needs; {@code openapi.json} describes them.
   *
   * @param events holds the connections that get the learning panel
   * @param well whether this instance may take answers
   */
  static Routes routes(Stream<List<Route>> apis, Handler events, BooleanSupplier well) {
    List<Route> own =
        List.of(
            new Route(GET, "/api/health", ANYONE, ctx -> health(ctx, well.getAsBoolean())),
            new Route(GET, "/api/events", LABELLER, events));
    return Routes.of(Stream.concat(apis, Stream.of(own)));
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
