import { describe, expect, test } from "@jest/globals";
import type { KardTokens } from "../../../../functions/adapters/kard/token.ts";
import { startHostileKard } from "../../../support/kard/hostile-kard.ts";
import { grantedToken, kardClientOf, kardRequest } from "../../../support/kard/kard-client.ts";

describe("a call that is not admitted", () => {
  test("is not made and gives throttled", async () => {
    const { url, stop } = await startHostileKard(() => {
      throw new Error("a request has been made");
    });
    const { kard, calls } = kardClientOf(url, { admit: async () => false });
    const throttled = { outcome: "throttled", retryAfterMs: undefined };
    expect(await kard.createAudit("o", "u", kardRequest)).toEqual(throttled);
    expect(await kard.getAudit("o", "a1")).toEqual(throttled);
    expect(calls).toEqual([]);
    await stop();
  });

  test("is admitted again if Kard refuses the token", async () => {
    const { url, stop } = await startHostileKard((_, response) => response.writeHead(401).end());
    const admitted: string[] = [];
    const admit = async (organizationId: string) => admitted.push(organizationId) === 1;
    const { kard, calls } = kardClientOf(url, { admit });
    expect(await kard.createAudit("o", "u", kardRequest)).toMatchObject({ outcome: "throttled" });
    expect([admitted, calls.length]).toEqual([["o", "o"], 1]);
    await stop();
  });

  test("waits for its token first, so it starts when it is admitted", async () => {
    const order: string[] = [];
    const admit = async () => order.push("admitted") > 0;
    const tokens: KardTokens = {
      ...grantedToken,
      tokenFor: async (organizationId) => {
        await new Promise((resume) => setImmediate(resume));
        order.push("token");
        return grantedToken.tokenFor(organizationId);
      },
    };
    const { url, stop } = await startHostileKard((_, response) => {
      order.push("request");
      response.writeHead(404).end();
    });
    await kardClientOf(url, { admit, tokens }).kard.getAudit("o", "a1");
    expect(order).toEqual(["token", "admitted", "request"]);
    await stop();
  });
});
