package dev.dormouse.ingest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.dormouse.model.Objective.Direction;
import java.io.IOException;

/** Reads and writes directions in mapping files: {@code maximize}, {@code minimize}. */
final class DirectionWords extends SimpleModule {
  private static final long serialVersionUID = 1L;

  DirectionWords() {
    addSerializer(Direction.class, new Writer());
    addDeserializer(Direction.class, new Reader());
  }

  private static final class Writer extends JsonSerializer<Direction> {
    @Override
    public void serialize(Direction direction, JsonGenerator out, SerializerProvider serializers)
        throws IOException {
      out.writeString(direction.id());
    }
  }

  private static final class Reader extends JsonDeserializer<Direction> {
    @Override
    public Direction deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      return Direction.fromId(text)
          .orElseThrow(
              () ->
                  JsonMappingException.from(
                      in, "direction is '" + text + "'; it must be maximize or minimize"));
    }
  }
}
