import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Receives the tracker's webhooks with the Java 17 standard library.
 *
 * <pre>WEBHOOK_SECRET=whsec_… PORT=9000 java examples/ReceiveWebhooks.java</pre>
 *
 * Run `npm start` and `kard-audits listen --forward http://127.0.0.1:9000/` next to it. Listen prints the secret.
 */
public final class ReceiveWebhooks {
    private static final long TOLERANCE_SECONDS = 5 * 60;
    private static final int MAX_BYTES = 1024 * 1024;

    private final byte[] key;
    // Processed events. Store them durably: a webhook may arrive twice, and an older one after a newer one.
    private final Set<String> handled = new HashSet<>();
    private final Map<String, Integer> latest = new HashMap<>();

    private ReceiveWebhooks(String secret) {
        if (!secret.startsWith("whsec_")) throw new IllegalArgumentException("WEBHOOK_SECRET must be whsec_…");
        key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    }

    /** Standard Webhooks 1.0.0: whether the tracker has signed these bytes within the last five minutes. */
    private boolean isSigned(String id, String timestamp, String signatures, byte[] body) {
        if (id == null || signatures == null || timestamp == null || !timestamp.matches("[0-9]{1,15}")) return false;
        long age = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp));
        if (age > TOLERANCE_SECONDS) return false;
        byte[] expected;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
        // During a rotation there are several signatures. One valid signature is enough.
        for (String signature : signatures.split(" ")) {
            if (MessageDigest.isEqual(signature.getBytes(StandardCharsets.UTF_8), expected)) return true;
        }
        return false;
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            // The raw bytes. Parsing and formatting them again would change what was signed.
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BYTES);
            var headers = exchange.getRequestHeaders();
            String id = headers.getFirst("webhook-id");
            String timestamp = headers.getFirst("webhook-timestamp");
            if (!isSigned(id, timestamp, headers.getFirst("webhook-signature"), body)) {
                System.out.println("refused: no valid signature");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            System.out.println(handle(id, new String(body, StandardCharsets.UTF_8)));
            // Only 2xx confirms the delivery. Respond within 15 seconds and do longer work afterwards.
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** Java has no JSON parser. Use your own instead of `field`. */
    private synchronized String handle(String eventId, String json) {
        if (!handled.add(eventId)) return eventId + " once more";
        String data = json.substring(json.indexOf("\"data\":"));
        String subject = field(data, "id");
        String number = field(data, "eventNumber");
        if (number.isEmpty()) number = field(data, "sequence");
        int sequence = number.isEmpty() ? 0 : Integer.parseInt(number);
        if (sequence < latest.getOrDefault(subject, 0)) return eventId + " out of date";
        latest.put(subject, sequence);
        String summary = String.join(" ", eventId, field(json, "type"), subject, field(data, "status"));
        return (summary + " " + field(data, "resolutionCode")).strip();
    }

    /** The first value of a field that has a text or a number. */
    private static String field(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\\s*\"?([\\w.-]+)").matcher(json);
        return found.find() ? found.group(1) : "";
    }

    public static void main(String[] args) throws IOException {
        String secret = System.getenv().getOrDefault("WEBHOOK_SECRET", "");
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "9000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new ReceiveWebhooks(secret)::receive);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("listening on " + server.getAddress().getPort());
    }
}
