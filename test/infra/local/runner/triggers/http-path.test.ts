import { expect, test } from "@jest/globals";
import { decodePath } from "../../../../../infra/local/runner/triggers/http-path.ts";

// Captured from a live HTTP API, July 2026: https://github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json
test.each([
  ["/capture/plain", "/capture/plain"],
  ["/capture/space%20value", "/capture/space value"],
  ["/capture/question%3Fvalue", "/capture/question"],
  ["/capture/percent%25done", undefined],
  ["/capture/hash%23value", "/capture/hash#value"],
  ["/capture/slash%2Fvalue", "/capture/slash/value"],
  ["/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C", "/capture/unicode-λ-世界"],
  ["/capture/literal%252Fvalue", "/capture/literal/value"],
  ["/capture/literal%253Fvalue", "/capture/literal?value"],
  ["/capture/literal%2525value", "/capture/literal%value"],
])("%s arrives as %s", (sent, arrives) => {
  expect(decodePath(sent)).toBe(arrives);
});
