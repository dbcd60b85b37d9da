import { describe, expect, test } from "@jest/globals";
import { audits, authorized, creation, start } from "../running-sandbox.ts";

describe("the settings", () => {
  test("make calls fail as configured; failNext applies first", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    const create = (id: string) => kard("POST", audits, creation(id), token);
    await kard("PUT", "/admin/settings", {
      retryAfterSeconds: 7,
      failNext: [
        { route: "create", kind: "status429" },
        { route: "create", kind: "status5xx" },
      ],
    });
    const throttled = await create("a");
    expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await create("a")).status).toBe(500);
    expect((await create("a")).status).toBe(201);
    await kard("PATCH", "/admin/settings", { outage: true });
    expect((await create("b")).status).toBe(503);
    expect((await kard("GET", "/admin/settings")).body).toMatchObject({ outage: true, retryAfterSeconds: 7 });
    await kard("PUT", "/admin/settings", { unauthorized: true });
    expect((await create("b")).status).toBe(401);
    expect(await kard("PUT", "/admin/settings", { nonsense: 1 })).toMatchObject({ status: 400 });
    sandbox.configure({ unauthorized: false, status429: 1 });
    expect((await create("b")).status).toBe(429);
    sandbox.configure({ status429: 0, status5xx: 1 });
    expect((await create("b")).status).toBe(500);
    expect(sandbox.audits()).toHaveLength(1);
  });

  test("a connection can close before or after a create takes effect", async () => {
    const { kard, sandbox } = await start();
    const token = await authorized(kard);
    sandbox.configure({ dropConnection: 1 });
    await expect(kard("POST", audits, creation("a"), token)).rejects.toThrow();
    expect(sandbox.audits()).toEqual([]);
    sandbox.configure({ dropConnection: 0, failNext: [{ route: "create", kind: "dropAfterEffect" }] });
    await expect(kard("POST", audits, creation("a"), token)).rejects.toThrow();
    expect(sandbox.audits()).toMatchObject([{ createCalls: 1 }]);
  });
});
