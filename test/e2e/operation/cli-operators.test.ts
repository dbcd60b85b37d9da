import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { commandLine } from "../support/cli/command-line.ts";
import { startProduct } from "../support/product.ts";

const product = await startProduct();
const { outputs } = product;
const { folder, environment, run, json } = commandLine(product);

const file = join(folder, "outputs.json");
writeFileSync(file, JSON.stringify(outputs));

test("manages API keys", async () => {
  const made = await run(["--outputs", file, "keys", "create", "--organization", "sister-bank"]);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const settings = { ...environment, KARD_AUDITS_KEY: made.stdout.trim(), KARD_AUDITS_ORGANIZATION: "sister-bank" };
  expect(await run(["list", "--json"], settings)).toMatchObject({ code: 0, stdout: "[]\n" });
  const listed = await json(
    z.array(z.looseObject({})),
    0,
    "keys",
    "list",
    "--organization",
    "sister-bank",
    "--outputs",
    file,
  );
  expect(listed).toHaveLength(1);
});

test("subscribes to Kard's pushes", async () => {
  const subscribed = await run(["kard-subscribe", "--organization", "sister-bank", "--outputs", file]);
  expect(subscribed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Kard (now|already) pushes to http.+\/kard\/sister-bank\/notifications\n$/),
  });
  const help = await run(["kard-subscribe", "--help"]);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(/^kard-audits kard-subscribe --organization/) });
});

test("exports and erases a user's data", async () => {
  const nobody = ["--organization", "sister-bank", "--user", "nobody", "--outputs", file];
  const exported = z.object({ userId: z.string(), audits: z.array(z.unknown()) });
  expect(await json(exported, 0, "users", "export", ...nobody)).toEqual({ userId: "nobody", audits: [] });
  const stderr = expect.stringContaining("no data of user nobody of organization sister-bank");
  expect(await run(["users", "erase", ...nobody])).toMatchObject({ code: 2, stdout: "", stderr });
  expect(await run(["users", "erase", ...nobody, "--yes"])).toMatchObject({ code: 0, stdout: "" });
});

describe("the smoke test", () => {
  const steps = z.array(z.object({ step: z.string(), milliseconds: z.number(), failure: z.string().optional() }));
  // The first consumer of a message gets it.
  beforeAll(() => product.resolutions.retire());

  test("follows an audit to the queue and a webhook, and deletes its subscription", async () => {
    const subscriptions = async () => (await run(["subscriptions", "list", "--json"])).stdout;
    const before = await subscriptions();
    const done = await json(steps, 0, "smoke", "--outputs", file);
    expect(done.map(({ step }) => step)).toEqual([
      "answers",
      "subscribes a webhook",
      "accepts an audit",
      "submits it to Kard",
      "is closed by the sandbox",
      "sees it closed",
      "sends it to the queue",
      "sends a signed webhook",
      "records the delivery",
    ]);
    expect(await subscriptions()).toBe(before);
  });

  test("reports the failed step with its reason", async () => {
    const dead = join(folder, "dead-outputs.json");
    writeFileSync(dead, JSON.stringify({ ...outputs, KardUrl: "http://127.0.0.1:9" }));
    const done = await json(steps, 1, "smoke", "--outputs", dead);
    expect(done.at(-1)).toMatchObject({ step: "is closed by the sandbox", failure: expect.any(String) });
    expect(done.slice(0, -1).every(({ failure }) => failure === undefined)).toBe(true);
  });
});
