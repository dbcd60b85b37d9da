import * as z from "zod";

/** Shown instead of a header's value. */
export const redacted = "********";

const maxHeaders = 10;

/** Headers reserved for HTTP, the signature or the tracker (RFC 9110, 7.6.1; Standard Webhooks 1.0.0). */
const reserved = [
  ...["accept-encoding", "connection", "content-encoding", "content-length", "content-type", "date", "expect", "host"],
  ...["keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["user-agent", "via", "webhook-.*", "svix-.*"],
];

/** In any case: a pattern in JSON Schema has no flag for that. */
const reservedPattern = `^(${reserved.join("|").replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)})$`;
const isReserved = new RegExp(reservedPattern);

const name = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/, "must be the name of an HTTP header")
  .refine((text) => !isReserved.test(text), "is a reserved header")
  .meta({ not: { pattern: reservedPattern } });

const value = z
  .string("must be a string")
  .regex(/^[ -~]{1,1000}$/, "must be 1 to 1000 printable ASCII characters")
  .refine(
    (text) => text !== redacted,
    "is the placeholder of a hidden value: send the value, or omit `headers` to keep all of them",
  )
  .meta({ not: { pattern: `^[*]{${redacted.length}}$` } });

/** A subscription's static headers, with names in lower case. */
export const webhookHeaders = z
  .record(name, value)
  .meta({ maxProperties: maxHeaders })
  .describe(
    "Sent with every webhook. Names are case-insensitive and must not repeat. Headers that HTTP, the signature or the " +
      "tracker sets are refused.",
  )
  .refine((headers) => Object.keys(headers).length <= maxHeaders, `must have at most ${maxHeaders} headers`)
  .refine((headers) => {
    const names = Object.keys(headers);
    return new Set(names.map((given) => given.toLowerCase())).size === names.length;
  }, "must not repeat a header")
  .transform((headers) =>
    Object.fromEntries(Object.entries(headers).map(([given, text]) => [given.toLowerCase(), text])),
  );
