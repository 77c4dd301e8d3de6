package io.afina.labelling.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One labeller's browser, as far as HTTP goes: a cookie, a CSRF token, JSON. */
public final class Client {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private final String address;
  private final Map<String, String> headers = new LinkedHashMap<>();

  public Client(String address) {
    this.address = address;
  }

  /** A client that has what a page of an open server has. */
  public static Client open(String address) {
    Client client = new Client(address);
    client.with("X-CSRF-Token", client.json("GET", "/api/session", null).get("csrf").asText());
    return client;
  }

  /** A client that has logged in. */
  public static Client login(String address, String user, String password) {
    Client client = new Client(address);
    HttpResponse<String> response =
        client.send(
            "POST",
            "/api/session",
            "{\"user\": \"%s\", \"password\": \"%s\"}".formatted(user, password));
    if (response.statusCode() != 204) {
      throw new IllegalStateException(response.body());
    }
    String cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
    client.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
    client.with("X-CSRF-Token", client.json("GET", "/api/session", null).get("csrf").asText());
    return client;
  }

  /** Another with the same session. */
  public Client copy() {
    Client copy = new Client(address);
    copy.headers.putAll(headers);
    return copy;
  }

  /** Sets a header of every request from now on. */
  public Client with(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Leaves a header out from now on. */
  public Client without(String name) {
    headers.remove(name);
    return this;
  }

  public HttpResponse<String> send(String method, String path, @Nullable String body) {
    return send(method, path, "application/json", body);
  }

  public HttpResponse<String> send(String method, String path, String type, @Nullable String body) {
    try {
      return HTTP.send(request(method, path, type, body), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<byte[]> bytes(String path) {
    try {
      return HTTP.send(request("GET", path, "", null), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The JSON of an answer that must be good. */
  public JsonNode json(String method, String path, @Nullable String body) {
    HttpResponse<String> response = send(method, path, body);
    if (response.statusCode() / 100 != 2) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return parse(response.body());
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest request(String method, String path, String type, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(20));
    headers.forEach(request::header);
    if (body != null && !type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return request
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }
}
