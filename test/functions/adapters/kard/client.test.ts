import { afterEach, describe, expect, test } from "@jest/globals";
import { startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { grantedToken, kardClientOf, kardRequest } from "../../../support/kard/kard-client.ts";
import { cleanups } from "./hostile-responses.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe("when nothing was sent", () => {
  test("because the connection is refused, the create is known not to have been made", async () => {
    const { url, stop } = await startHostileKard(() => {});
    await stop();
    const { kard } = kardClientOf(url);
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual({ outcome: "unsent", reason: "connection" });
    expect(await kard.getAudit("o", "a1")).toEqual({ outcome: "failed", reason: "connection" });
  });

  test.each([
    [{ outcome: "unauthorized" }, { outcome: "unauthorized" }, { outcome: "unauthorized" }],
    [
      { outcome: "failed", reason: "timeout" },
      { outcome: "unsent", reason: "timeout" },
      { outcome: "failed", reason: "timeout" },
    ],
    [
      { outcome: "throttled", retryAfterMs: 5 },
      { outcome: "throttled", retryAfterMs: 5 },
      { outcome: "throttled", retryAfterMs: 5 },
    ],
  ] as const)("because there is no token (%j)", async (noToken, create, status) => {
    const { kard } = kardClientOf("http://127.0.0.1:1", { tokens: { ...grantedToken, tokenFor: async () => noToken } });
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual(create);
    expect(await kard.getAudit("o", "a1")).toEqual(status);
  });
});
