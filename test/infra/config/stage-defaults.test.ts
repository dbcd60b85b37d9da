import { describe, expect, test } from "@jest/globals";
import { stageDefaults } from "../../../infra/config/stage-defaults.ts";
import { prod, synthesize } from "../support/synthesize.ts";

describe("the local stage", () => {
  /** All paths at which two templates differ. */
  function differences(left: unknown, right: unknown, path = ""): string[] {
    if (Object.is(left, right)) return [];
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return [path];
    const [a, b] = [left as Record<string, unknown>, right as Record<string, unknown>];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name) =>
      differences(a[name], b[name], path === "" ? name : `${path}.${name}`),
    );
  }

  /** The local stage has a bus, a topic and targets of issuers, which would move other grants in lists. */
  const { eventBus, eventTopic, targetAccounts } = stageDefaults.local;
  const targets = { eventBus, eventTopic, targetAccounts };

  /** The last names of the paths at which the local stage differs from another. */
  const lastNamesOf = (other: ReturnType<typeof synthesize>) =>
    differences(other.toJSON(), synthesize({ stage: "local" }).toJSON()).map((path) => path.replace(/^.*\./, ""));

  test("with the same targets differs from dev only in webhook targets, poll plan and Kard's rate limit", () => {
    const lastNames = lastNamesOf(synthesize(targets));
    expect([...new Set(lastNames)].sort()).toEqual([
      "KARD_ARRIVAL_SPREAD_MS",
      "KARD_REQUESTS_PER_SECOND",
      "POLL_PLAN",
      "WEBHOOK_TARGETS",
    ]);
  });

  test("differs from production also in Kard's URLs and in retention", () => {
    const lastNames = lastNamesOf(synthesize({ ...prod, ...targets }));
    expect([...new Set(lastNames)].sort()).toEqual([
      "DeletionPolicy",
      "DeletionProtectionEnabled",
      "KARD_API_URL",
      "KARD_ARRIVAL_SPREAD_MS",
      "KARD_REQUESTS_PER_SECOND",
      "KARD_TOKEN_REQUEST",
      "KARD_TOKEN_URL",
      "POLL_PLAN",
      "UpdateReplacePolicy",
      "Value",
      "WEBHOOK_TARGETS",
    ]);
  });
});
