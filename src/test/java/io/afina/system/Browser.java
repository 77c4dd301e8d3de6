package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** Debian's Chromium without a window. */
public final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final Duration POLL = Duration.ofMillis(50);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Whether there is one to open. */
  public static boolean isThere() {
    return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
  }

  /** Skips the test where there is no Chromium, and fails it in CI, where there must be one. */
  public static Browser open(Path profile) {
    if (!isThere() && System.getenv("CI") != null) {
      fail("no Chromium: apt-get install chromium chromium-driver");
    }
    assumeTrue(isThere(), "no Chromium: apt-get install chromium chromium-driver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--lang=en",
        "--user-data-dir=" + profile);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    ChromeDriver driver = new ChromeDriver(service, options);
    // Selenium's own 30 s for a script (axe's takes one) and 300 s for a page.
    driver.manage().timeouts().scriptTimeout(PATIENCE).pageLoadTimeout(PATIENCE);
    return new Browser(driver);
  }

  public void go(String address) {
    driver.get(address);
    await(address + " is ready", b -> !b.all("body.ready").isEmpty());
  }

  public String address() {
    return Objects.requireNonNull(driver.getCurrentUrl());
  }

  public void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Presses keys, wherever the focus is. */
  public void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  public WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  public String text(String selector) {
    return one(selector).getText();
  }

  /** Sends a header with every request from now on, as a proxy would. */
  public void header(String name, String value) {
    driver.executeCdpCommand("Network.enable", Map.of());
    driver.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of(name, value)));
  }

  /** What a key that is held sends: once that it is down, then again and again. */
  public void hold(String key, int times) {
    for (int i = 0; i < times; i++) {
      driver.executeCdpCommand(
          "Input.dispatchKeyEvent",
          Map.of("type", "keyDown", "key", key, "text", key, "autoRepeat", i > 0));
    }
  }

  public void lift(String key) {
    driver.executeCdpCommand("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
  }

  public void doubleClick(String selector) {
    new Actions(driver).doubleClick(one(selector)).perform();
  }

  /** Presses an element, moves by so many pixels, and lets go. */
  public void drag(String selector, int x, int y) {
    new Actions(driver).clickAndHold(one(selector)).moveByOffset(x, y).release().perform();
  }

  /** Waits for something, by its name. */
  public void await(String what, Predicate<Browser> condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(() -> condition.test(this));
  }

  public Object run(String script) {
    return String.valueOf(((JavascriptExecutor) driver).executeScript(script));
  }

  public void theme(String name) {
    run(
        "localStorage.setItem('afina.theme', '%s'); document.documentElement.dataset.theme = '%s'; document.dispatchEvent(new CustomEvent('afina-theme'))"
            .formatted(name, name));
  }

  /** What axe-core finds that keeps people from using the page; must be nothing. */
  public void requireAccessible(String what) {
    List<Rule> violations = new AxeBuilder().analyze(driver).getViolations();
    assertThat(violations).as("axe-core on %s", what).isEmpty();
  }

  /** What the page wrote to the console that it should not. */
  public List<String> errors() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(Object::toString)
        .filter(entry -> entry.contains("SEVERE"))
        .toList();
  }

  public void screenshot(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The whole page, as long as it is. */
  public void picture(Path file) {
    Map<String, Object> page =
        Map.of(
            "x",
            0,
            "y",
            0,
            "width",
            number("document.body.offsetWidth"),
            "height",
            number("document.body.offsetHeight"),
            "scale",
            1);
    Map<String, Object> picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", true, "clip", page));
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int number(String expression) {
    return Integer.parseInt(String.valueOf(run("return " + expression)));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
