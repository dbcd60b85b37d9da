import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { audits, authorized, cleanups, creation, start, until } from "../running-sandbox.ts";

test("the state survives a restart, and audits continue to move automatically", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kard-sandbox-"));
  cleanups.push(() => rm(directory, { recursive: true }));
  const dataFile = join(directory, "kard.sqlite");
  const first = await start({ dataFile });
  const token = await authorized(first.kard);
  await first.kard("POST", audits, creation("a", "b"), token);

  // A second sandbox on the same file while the first is still open, as after a SIGKILL.
  const second = await start({ dataFile, settings: { autoProgress: { startAfterMs: 0, closeAfterMs: 0 } } });
  const closed = await until(async () => {
    const all = second.sandbox.audits();
    return all.every(({ status }) => status === "CLOSED") && all;
  });
  expect(closed.map(({ startedAt }) => startedAt)).toEqual([expect.any(Number), expect.any(Number)]);
  expect(new Set(closed.map(({ resolutionCode }) => resolutionCode)).size).toBe(2);
  expect(second.sandbox.requests()).toEqual({ token: 1, create: 1 });
  expect(await second.kard("POST", audits, creation("a"), token)).toMatchObject({ status: 409 });
});

test("unknown paths are a 404", async () => {
  const { sandbox } = await start();
  for (const path of ["/", "/v2/unknown", "/transactions/audit/%E0%A4%A", "/v2/issuers//users/u/audits"]) {
    expect((await fetch(sandbox.url + path)).status).toBe(404);
  }
});
