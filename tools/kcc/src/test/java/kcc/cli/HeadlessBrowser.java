// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/// A real Chromium without a window, driven through its DevTools protocol.
final class HeadlessBrowser implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://127\\.0\\.0\\.1:(\\d+)/");
  private static final int SECONDS = 60;

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  /// What the page complained about, and what it asked the network for.
  private final List<String> complaints = new ArrayList<>();
  private int sent;

  private HeadlessBrowser(Process process, int port) throws Exception {
    this.process = process;
    this.socket = client.newWebSocketBuilder().buildAsync(page(port), new Listener()).get(SECONDS, TimeUnit.SECONDS);
    command("Page.enable", new JsonObject());
    command("Runtime.enable", new JsonObject());
    command("Log.enable", new JsonObject());
    command("Network.enable", new JsonObject());
  }

  /// Skips the test where there is no browser and none can be fetched.
  static HeadlessBrowser start(Path folder) throws Exception {
    Process search = new ProcessBuilder("bash", "../launch/provision-browser.sh").redirectErrorStream(true).start();
    String found = new String(search.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Assumptions.assumeTrue(search.waitFor() == 0, () -> "no headless browser on this machine: " + found);
    List<String> words = new ArrayList<>(List.of(found.lines().toList().getLast(), "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        "--remote-debugging-port=0", "--user-data-dir=" + folder.resolve("profile"), "about:blank"));
    Process process = new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader errors = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        Thread.ofVirtual().start(() -> errors.lines().forEach(_ -> { }));
        return new HeadlessBrowser(process, Integer.parseInt(listening.group(1)));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the browser ended: " + said);
  }

  private URI page(int port) throws IOException, InterruptedException {
    HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    JsonArray targets = JsonParser.parseString(client.send(list, HttpResponse.BodyHandlers.ofString()).body()).getAsJsonArray();
    for (JsonElement target : targets) {
      if (target.getAsJsonObject().get("type").getAsString().equals("page")) {
        return URI.create(target.getAsJsonObject().get("webSocketDebuggerUrl").getAsString());
      }
    }
    throw new IOException("the browser has no page: " + targets);
  }

  /// Opens a file and waits until it has loaded.
  void open(Path file) throws Exception {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("url", file.toUri().toString());
    command("Page.navigate", parameters);
    while (!evaluate("document.readyState").getAsString().equals("complete")
        || !evaluate("location.href").getAsString().startsWith("file:")) {
      Thread.sleep(20);
    }
  }

  /// What a script gives, as JSON.
  JsonElement evaluate(String script) throws Exception {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("expression", script);
    parameters.addProperty("returnByValue", true);
    JsonObject answer = command("Runtime.evaluate", parameters);
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + answer);
    }
    JsonElement value = answer.getAsJsonObject("result").get("value");
    return value == null ? JsonNull.INSTANCE : value;
  }

  /// As if the system preferred a color scheme, or the page was printed.
  void emulate(String medium, String scheme) throws Exception {
    JsonObject feature = new JsonObject();
    feature.addProperty("name", "prefers-color-scheme");
    feature.addProperty("value", scheme);
    JsonArray features = new JsonArray();
    features.add(feature);
    JsonObject parameters = new JsonObject();
    parameters.addProperty("media", medium);
    parameters.add("features", features);
    command("Emulation.setEmulatedMedia", parameters);
  }

  void press(String key) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      JsonObject parameters = new JsonObject();
      parameters.addProperty("type", type);
      parameters.addProperty("key", key);
      parameters.addProperty("code", key);
      parameters.addProperty("windowsVirtualKeyCode", key.equals("Tab") ? 9 : 39);
      command("Input.dispatchKeyEvent", parameters);
    }
  }

  List<String> complaints() {
    return complaints;
  }

  private JsonObject command(String method, JsonObject parameters) throws Exception {
    JsonObject message = new JsonObject();
    message.addProperty("id", ++sent);
    message.addProperty("method", method);
    message.add("params", parameters);
    socket.sendText(message.toString(), true).get(SECONDS, TimeUnit.SECONDS);
    while (true) {
      JsonObject answer = received.poll(SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("the browser does not answer " + method);
      }
      if (answer.has("id") && answer.get("id").getAsInt() == sent) {
        if (answer.has("error")) {
          throw new AssertionError(method + ": " + answer.get("error"));
        }
        return answer.getAsJsonObject("result");
      }
      notice(answer);
    }
  }

  private void notice(JsonObject event) {
    switch (event.has("method") ? event.get("method").getAsString() : "") {
      case "Runtime.exceptionThrown", "Log.entryAdded" -> complaints.add(event.get("params").toString());
      case "Network.requestWillBeSent" -> {
        String url = event.getAsJsonObject("params").getAsJsonObject("request").get("url").getAsString();
        if (!url.startsWith("file:")) {
          complaints.add("asks for " + url);
        }
      }
      default -> { }
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      text.append(part);
      if (isLast) {
        received.add(JsonParser.parseString(text.toString()).getAsJsonObject());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, part, isLast);
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
