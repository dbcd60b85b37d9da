import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { cleanups, counting, grant, start } from "./token-server.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test("concurrent callers with a refused token replace it once", async () => {
  const { tokens, requests } = await start(counting());
  await tokens.tokenFor("a");
  const replace = () => tokens.tokenFor("a", "token-1");
  const all = await Promise.all([replace(), replace(), replace()]);
  for (const token of [...all, await replace()]) expect(token).toMatchObject({ accessToken: "token-2" });
  expect(requests).toHaveLength(2);
});

test("a new token that Kard refuses is replaced once per 30 seconds", async () => {
  const { tokens, state, requests } = await start(counting());
  await tokens.tokenFor("a");
  expect(await tokens.tokenFor("a", "token-1")).toMatchObject({ accessToken: "token-2" });
  for (let calls = 0; calls < 20; calls++) {
    expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "token-2" });
    expect(await tokens.tokenFor("a", "token-2")).toEqual({ outcome: "unauthorized" });
  }
  expect(requests).toHaveLength(2);
  state.now += 30_000;
  expect(await tokens.tokenFor("a", "token-2")).toMatchObject({ accessToken: "token-3" });
});

describe("refused credentials", () => {
  test("are read again once, and work if they were rotated", async () => {
    const rotatedHeader = `Basic ${Buffer.from("client:new").toString("base64")}`;
    const { tokens, state, requests } = await start(
      (request, response) =>
        request.headers.authorization === rotatedHeader
          ? answering(200, grant("fresh"))(request, response)
          : answering(401, "")(request, response),
      { clientSecret: "new" },
    );
    expect(await tokens.tokenFor("a")).toEqual({ outcome: "granted", accessToken: "fresh" });
    expect([state.rereads, requests.length]).toEqual([1, 2]);
  });

  test.each([400, 401, 403, 404])(
    "that stay refused with %d are unauthorized, and tried again after 30 seconds",
    async (status) => {
      let answer = status;
      const { tokens, state, requests } = await start((request, response) =>
        answering(answer, grant("late"))(request, response),
      );
      for (let calls = 0; calls < 20; calls++) expect(await tokens.tokenFor("a")).toEqual({ outcome: "unauthorized" });
      expect(requests).toHaveLength(1);
      answer = 200;
      state.now += 30_001;
      expect(await tokens.tokenFor("a")).toMatchObject({ accessToken: "late" });
    },
  );
});
