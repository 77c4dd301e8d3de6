package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks JSON against the record that it is to become: every field is there, of its type and within
 * its range. Components may be numbers, text, times, enums, records, and lists and maps of these;
 * fields that the record does not have are left alone.
 */
public final class JsonShape {

  /** Differences of this size are rounding. */
  private static final double ROUNDING = 1e-9;

  /** The end of the year 9999: what is later is no time that a clock gave. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final int LONGEST_FOUND = 40;

  /** The least and the largest value of a number, or of every number in a list or map. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  public @interface Range {
    double low() default 0;

    double high() default Double.MAX_VALUE;
  }

  /** A field that came later: records from before lack it. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  public @interface Added {}

  private final @Nullable Range range;

  private JsonShape(@Nullable Range range) {
    this.range = range;
  }

  /**
   * Checks a record.
   *
   * @throws MalformedRecordException with the path of the first field that is wrong, what was found
   *     there and what is expected
   */
  static void check(JsonNode json, Class<?> type) {
    require(json.isObject(), "", json, "an object");
    fields("", json, type);
  }

  private static void fields(String path, JsonNode json, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = path + component.getName();
      JsonNode found = json.get(component.getName());
      JsonShape shape = new JsonShape(component.getAnnotation(Range.class));
      if (found != null && !found.isNull()) {
        shape.value(name, found, component.getGenericType());
      } else if (!isOptional(component)) {
        throw new MalformedRecordException(
            "has no %s: expected %s".formatted(name, shape.expected(component.getType())));
      }
    }
  }

  private static boolean isOptional(RecordComponent component) {
    return component.isAnnotationPresent(Added.class)
        || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private void value(String path, JsonNode found, Type type) {
    if (type instanceof ParameterizedType generic) {
      elements(path, found, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
    } else {
      Class<?> plain = (Class<?>) type;
      require(fits(found, plain), path, found, expected(plain));
      if (plain.isRecord()) {
        fields(path + ".", found, plain);
      }
    }
  }

  private void elements(String path, JsonNode found, Class<?> raw, Type[] types) {
    boolean list = raw == List.class;
    require(list ? found.isArray() : found.isObject(), path, found, expected(raw));
    if (list) {
      for (int n = 0; n < found.size(); n++) {
        value("%s[%d]".formatted(path, n), found.get(n), types[0]);
      }
    } else {
      found
          .properties()
          .forEach(
              entry -> {
                String key = entry.getKey();
                require(
                    types[0] == String.class || key.matches("[0-9]{1,9}"),
                    path,
                    found,
                    "whole numbers of 0 or more as keys");
                value(path + "." + key, entry.getValue(), types[1]);
              });
    }
  }

  private boolean fits(JsonNode found, Class<?> type) {
    if (isWhole(type)) {
      return found.isIntegralNumber()
          && (isInt(type) ? found.canConvertToInt() : found.canConvertToLong())
          && isInRange(found.doubleValue());
    }
    if (isFraction(type)) {
      return found.isNumber() && isInRange(found.doubleValue());
    }
    if (type == Instant.class) {
      return found.isTextual() && isTime(found.textValue());
    }
    if (type.isEnum()) {
      return found.isTextual() && names(type).contains(found.textValue());
    }
    return type == String.class ? found.isTextual() : type.isRecord() && found.isObject();
  }

  private boolean isInRange(double value) {
    return Double.isFinite(value)
        && (range == null || (value >= range.low() - ROUNDING && value <= range.high() + ROUNDING));
  }

  private static boolean isInt(Class<?> type) {
    return type == int.class || type == Integer.class;
  }

  private static boolean isWhole(Class<?> type) {
    return isInt(type) || type == long.class || type == Long.class;
  }

  private static boolean isFraction(Class<?> type) {
    return type == double.class || type == Double.class;
  }

  private static boolean isTime(String text) {
    try {
      Instant time = Instant.parse(text);
      return !time.isBefore(Instant.EPOCH) && !time.isAfter(LATEST);
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The constants as they stand in JSON. */
  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getFields())
        .filter(Field::isEnumConstant)
        .map(
            constant -> {
              JsonProperty name = constant.getAnnotation(JsonProperty.class);
              return name == null ? constant.getName() : name.value();
            })
        .toList();
  }

  private String expected(Class<?> type) {
    if (isWhole(type)) {
      return "a whole number" + limits();
    }
    if (isFraction(type)) {
      return "a number" + limits();
    }
    if (type == Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    if (type.isEnum()) {
      return names(type).stream().collect(Collectors.joining(", ", "one of ", ""));
    }
    return type == String.class ? "text" : type == List.class ? "a list" : "an object";
  }

  private String limits() {
    if (range == null) {
      return "";
    }
    String low = plain(range.low());
    return range.high() == Double.MAX_VALUE
        ? " of %s or more".formatted(low)
        : " from %s to %s".formatted(low, plain(range.high()));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private static void require(boolean right, String path, JsonNode found, String expected) {
    if (!right) {
      String text = found.toString();
      String shown = text.length() > LONGEST_FOUND ? text.substring(0, LONGEST_FOUND) + "…" : text;
      throw new MalformedRecordException(
          path.isEmpty()
              ? "is %s: expected %s".formatted(shown, expected)
              : "has %s %s: expected %s".formatted(path, shown, expected));
    }
  }
}
