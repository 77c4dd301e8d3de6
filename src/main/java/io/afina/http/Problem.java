package io.afina.http;

import io.javalin.http.HttpStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is refused, as RFC 9457 has it. Thrown anywhere under a request, and written as
 * {@code application/problem+json}.
 */
public final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final Map<String, String> headers;

  private Problem(int status, String type, String detail, Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
    this.headers = Map.copyOf(headers);
  }

  /**
   * A problem of a kind.
   *
   * @param type a name that programs can tell problems by, such as {@code lease-lost}
   * @param detail one sentence for people: what is wrong and what to do
   */
  public static Problem of(int status, String type, String detail) {
    return new Problem(status, type, detail, Map.of());
  }

  /** One that may be gone after so many seconds. */
  public static Problem later(int status, String type, String detail, long seconds) {
    return new Problem(status, type, detail, Map.of("Retry-After", Long.toString(seconds)));
  }

  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  Document document(@Nullable String instance) {
    return new Document("urn:afina:problem:" + type, title(status), status, getMessage(), instance);
  }

  /** The JSON of RFC 9457. */
  record Document(
      String type, String title, int status, @Nullable String detail, @Nullable String instance) {}

  /** The standard phrase of a status. */
  static String title(int status) {
    return HttpStatus.forStatus(status).getMessage();
  }
}
