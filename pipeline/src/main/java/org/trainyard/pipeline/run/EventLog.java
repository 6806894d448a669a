package org.trainyard.pipeline.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trainyard.pipeline.config.Json;
import org.trainyard.pipeline.record.Storage;

/**
 * {@code events.jsonl}: what happened, one JSON object a line, in order. Losing it loses no data,
 * so a failure to write it is logged once and does not stop the run.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private final OutputStream out;
  private boolean broken;

  /** Starts a new log. */
  public EventLog(Storage storage, Path file) {
    this.out = storage.create(file);
  }

  /** Appends an event; the time is added. */
  public synchronized void append(String kind, String step, Map<String, ?> values) {
    if (broken) {
      return;
    }
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("time", Instant.now().toString());
    event.put("kind", kind);
    event.put("step", step);
    values.forEach((name, value) -> event.putPOJO(name, value));
    try {
      out.write((Json.line(event) + "\n").getBytes(StandardCharsets.UTF_8));
      if (out instanceof FSDataOutputStream stream && stream.hasCapability("hflush")) {
        stream.hflush();
      } else {
        out.flush();
      }
    } catch (IOException e) {
      broken = true;
      LOG.warn("Cannot write events: {}", e.toString());
    }
  }

  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      LOG.warn("Cannot close events: {}", e.toString());
    }
  }
}
