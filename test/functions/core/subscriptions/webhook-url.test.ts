import { describe, expect, test } from "@jest/globals";
import { type WebhookTargets, webhookUrlError } from "../../../../functions/core/subscriptions/webhook-url.ts";

const deployed: WebhookTargets = { reach: "public", ports: [443] };
const local: WebhookTargets = { reach: "public-and-loopback", ports: [443] };

describe.each([deployed, local])("webhook targets %j", (targets) => {
  test.each([
    "https://issuer.example/webhooks",
    "https://issuer.example:443/a?b=c",
    "https://xn--mnchen-3ya.example/",
    "HTTPS://ISSUER.EXAMPLE/",
  ])("%s is accepted", (url) => {
    expect(webhookUrlError(url, targets)).toBeUndefined();
  });

  test.each([
    ["", "URL"],
    ["issuer.example/webhooks", "URL"],
    ["http://issuer.example/", "https"],
    ["ftp://issuer.example/", "https"],
    ["file:///etc/passwd", "https"],
    ["ftp://localhost/", "https"],
    ["https://user:pass@issuer.example/", "user name"],
    ["https://user@issuer.example/", "user name"],
    ["https://issuer.example/#part", "fragment"],
    ["https://issuer.example:8443/", "port"],
    ["https://issuer.example:80/", "port"],
    ["http://localhost.issuer.example/", "https"],
    ["http://127.0.0.1.issuer.example/", "https"],
  ])("%p is refused for its %s", (url, reason) => {
    expect(webhookUrlError(url, targets)).toContain(reason);
  });
});

test.each(["http://localhost:8080/", "http://127.0.0.1:8080/x", "http://[::1]:8080/", "http://2130706433:8080/"])(
  "%s is only accepted on the local stack",
  (url) => {
    expect(webhookUrlError(url, local)).toBeUndefined();
    expect(webhookUrlError(url, deployed)).toBeDefined();
  },
);

test("other ports than 443 are configurable", () => {
  const more: WebhookTargets = { reach: "public", ports: [443, 8443] };
  expect(webhookUrlError("https://issuer.example:8443/", more)).toBeUndefined();
  expect(webhookUrlError("https://issuer.example/", more)).toBeUndefined();
  expect(webhookUrlError("https://issuer.example:8444/", more)).toBe("must use port 443 or 8443");
  expect(webhookUrlError("https://issuer.example/", { ...more, ports: [8443] })).toBe("must use port 8443");
});
