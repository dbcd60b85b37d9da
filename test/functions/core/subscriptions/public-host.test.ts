import { expect, test } from "@jest/globals";
import { isPublicHost } from "../../../../functions/core/subscriptions/public-host.ts";

test.each([
  "issuer.example",
  "a.b.issuer.example",
  "xn--mnchen-3ya.example",
  "_dmarc.issuer.example",
  "localhost.example",
  "notlocal.example",
  "93.184.216.34",
  "[2606:2800:220:1:248:1893:25c8:1946]",
])("%s can be public", (host) => {
  expect(isPublicHost(host)).toBe(true);
});

test.each([
  "localhost",
  "issuer",
  "a.localhost",
  "printer.local",
  "ip-10-0-0-1.ec2.internal",
  "metadata.google.internal",
  "1.0.0.127.in-addr.arpa",
  "vpce.amazonaws.com",
  "vpce-1.execute-api.us-east-1.vpce.amazonaws.com",
  "issuer.example.",
  "-issuer.example",
  "issuer.123",
  `${"a".repeat(64)}.example`,
  `${"a.".repeat(124)}example`,
  "127.0.0.1",
  "10.0.0.1",
  "[::1]",
  "[fe80::1]",
  "x[2606:2800:220:1:248:1893:25c8:1946]",
  "[2606:2800:220:1:248:1893:25c8:1946]x",
])("%s cannot", (host) => {
  expect(isPublicHost(host)).toBe(false);
});
