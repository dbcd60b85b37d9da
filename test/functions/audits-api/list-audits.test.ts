import { expect, test } from "@jest/globals";
import { listAudits } from "../../../functions/audits-api/list-audits.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { openAudit } from "../../support/sample-audits.ts";

async function worldWithThree() {
  const world = { ...fakeWorld(), tokenSecret: async () => Buffer.alloc(32, 7) };
  for (const n of [1, 2, 3]) await world.audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
  const list = (changes: Partial<Parameters<ReturnType<typeof listAudits>>[0]>) =>
    listAudits(world)({ organizationId: "org", filter: {}, size: 2, token: undefined, ...changes });
  const firstToken = async () => {
    const first = await list({});
    return first.outcome === "listed" ? first.next : undefined;
  };
  return { list, firstToken };
}

const idsOf = (listed: Awaited<ReturnType<ReturnType<typeof listAudits>>>) =>
  listed.outcome === "listed" ? listed.audits.map(({ auditId }) => auditId) : listed.outcome;

test("a page leads to the next, and the last to none", async () => {
  const { list, firstToken } = await worldWithThree();
  expect(idsOf(await list({}))).toEqual(["a3", "a2"]);
  const second = await list({ token: await firstToken() });
  expect(second).toMatchObject({ outcome: "listed", next: undefined });
  expect(idsOf(second)).toEqual(["a1"]);
});

test("a page may be of another size than the one before", async () => {
  const { list, firstToken } = await worldWithThree();
  expect(idsOf(await list({ token: await firstToken(), size: 50 }))).toEqual(["a1"]);
});

test.each([
  ["another issuer", { organizationId: "other" }],
  ["another filter", { filter: { status: "NEW" as const } }],
])("a token of %s is refused", async (_, changes) => {
  const { list, firstToken } = await worldWithThree();
  expect(await list({ token: await firstToken(), ...changes })).toEqual({ outcome: "token-refused" });
});

test("a token that was made up is refused", async () => {
  const { list } = await worldWithThree();
  expect(await list({ token: "WzAsImExIl0.AAAA" })).toEqual({ outcome: "token-refused" });
});
