import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { rotateSecret } from "../../../../functions/subscriptions-api/subscriptions/rotate-secret.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const key = { organizationId: "org", subscriptionId: "subscription-1" };
const [former] = aSubscription().secrets;

async function worldWith(changes: Parameters<typeof aSubscription>[0] = {}) {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription(changes));
  const rotate = async (...args: Parameters<ReturnType<typeof rotateSecret>>) => {
    const outcome = await rotateSecret({ ...world, randomBytes })(...args);
    return outcome.outcome === "rotated" ? outcome.subscription : undefined;
  };
  return { world, rotate };
}

test("the earlier secret signs with the new one for the requested time", async () => {
  const { rotate } = await worldWith();
  const rotated = await rotate(key, { overlapSeconds: 60 });
  expect(rotated?.secrets).toEqual([
    { secret: expect.stringMatching(/^whsec_/) },
    { ...former, signsUntil: noon + 60_000 },
  ]);
  expect(rotated?.secrets[0]).not.toEqual(former);
});

test("after a leak the earlier secrets sign no more", async () => {
  const { rotate } = await worldWith();
  expect((await rotate(key, { overlapSeconds: 0 }))?.secrets).toHaveLength(1);
});

test("a rotation does not extend earlier secrets, and drops expired ones", async () => {
  const secrets = [
    { secret: "whsec_a" },
    { secret: "whsec_b", signsUntil: noon + 5 },
    { secret: "whsec_c", signsUntil: noon },
  ];
  const { rotate } = await worldWith({ secrets });
  expect((await rotate(key, { overlapSeconds: 60 }))?.secrets.slice(1)).toEqual([
    { secret: "whsec_a", signsUntil: noon + 60_000 },
    { secret: "whsec_b", signsUntil: noon + 5 },
  ]);
});

test("the kind stays unless another is requested", async () => {
  const { rotate } = await worldWith();
  const kinds: (string | undefined)[] = [];
  for (const input of [{ signing: "ed25519" as const }, {}, { signing: "hmac-sha256" as const }]) {
    kinds.push((await rotate(key, { ...input, overlapSeconds: 60 }))?.secrets[0]?.secret.slice(0, 5));
  }
  expect(kinds).toEqual(["whsk_", "whsk_", "whsec"]);
});

test("however often it is rotated, at most five sign", async () => {
  const { rotate } = await worldWith();
  for (let n = 0; n < 8; n++) await rotate(key, { overlapSeconds: 60 });
  expect((await rotate(key, { overlapSeconds: 60 }))?.secrets).toHaveLength(5);
});

test("a webhook key is replaced by another, the caller's or a generated one", async () => {
  const { rotate } = await worldWith({ format: "kard", secrets: [{ secret: "the former key" }] });
  const rotated = await rotate(key, { webhookKey: "the-key-of-Kard!", overlapSeconds: 60 });
  expect(rotated?.secrets).toEqual([
    { secret: "the-key-of-Kard!" },
    { secret: "the former key", signsUntil: noon + 60_000 },
  ]);
  expect((await rotate(key, { overlapSeconds: 0 }))?.secrets).toEqual([
    { secret: expect.stringMatching(/^[\w-]{43}$/) },
  ]);
});

test("after two rotations of a webhook key the first key signs, and then the last", async () => {
  const { world, rotate } = await worldWith({ format: "kard", secrets: [{ secret: "key-1" }] });
  await rotate(key, { webhookKey: "key-2", overlapSeconds: 60 });
  world.time.set(noon + 10_000);
  const rotated = await rotate(key, { webhookKey: "key-3", overlapSeconds: 60 });
  expect(rotated?.secrets).toEqual([{ secret: "key-3" }, { secret: "key-1", signsUntil: noon + 60_000 }]);
});

test("a shorter overlap ends the key that signs sooner", async () => {
  const { rotate } = await worldWith({ format: "kard", secrets: [{ secret: "key-1" }] });
  await rotate(key, { webhookKey: "key-2", overlapSeconds: 60 });
  const rotated = await rotate(key, { webhookKey: "key-3", overlapSeconds: 5 });
  expect(rotated?.secrets).toEqual([{ secret: "key-3" }, { secret: "key-1", signsUntil: noon + 5_000 }]);
});

test.each([
  ["kard", { secret: "whsec_a" }, "secret"],
  ["kard", { signing: "ed25519" }, "signing"],
  [undefined, { webhookKey: "the-key-of-Kard!" }, "webhookKey"],
] as const)("a subscription of format %p does not take %j", async (format, input, field) => {
  const { world } = await worldWith(format === undefined ? {} : { format });
  const rotate = rotateSecret({ ...world, randomBytes });
  expect(await rotate(key, { ...input, overlapSeconds: 60 })).toEqual({ outcome: "unfit", field });
});
