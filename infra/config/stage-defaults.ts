import type { PollPlan } from "../../functions/core/tracking/poll-plan.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** When an open audit is polled on AWS. */
export const deployedPlan: PollPlan = {
  bands: [
    { from: 5 * MINUTE, to: 60 * MINUTE, gap: 5 * MINUTE, resolution: MINUTE },
    { from: 2 * HOUR, to: 24 * HOUR, gap: HOUR, resolution: 5 * MINUTE },
    { from: 30 * HOUR, to: 168 * HOUR, gap: 6 * HOUR, resolution: 30 * MINUTE },
    { from: 8 * DAY, to: 90 * DAY, gap: DAY, resolution: 2 * HOUR },
    { from: 97 * DAY, to: null, gap: 7 * DAY, resolution: 7 * DAY },
  ],
  overdueAfter: 90 * DAY,
  dueSoonBefore: 14 * DAY,
};

/** The same plan with shorter times for local use. */
const localPlan: PollPlan = {
  bands: [
    { from: SECOND, to: 60 * SECOND, gap: SECOND, resolution: SECOND / 4 },
    { from: 65 * SECOND, to: 10 * MINUTE, gap: 5 * SECOND, resolution: SECOND },
    { from: 11 * MINUTE, to: 60 * MINUTE, gap: MINUTE, resolution: 15 * SECOND },
    { from: 70 * MINUTE, to: null, gap: 10 * MINUTE, resolution: 10 * MINUTE },
  ],
  overdueAfter: 15 * MINUTE,
  dueSoonBefore: 5 * MINUTE,
};

const sandbox = { kardApiUrl: "https://test-rewards-api.getkard.com" };
const deployed = { pollPlan: deployedPlan, webhookTargets: "public" };

/** Defaults of each stage. */
export const stageDefaults = {
  prod: { ...deployed, kardApiUrl: "https://rewards-api.getkard.com", removalPolicy: "retain" },
  dev: { ...deployed, ...sandbox, removalPolicy: "destroy" },
  // The bundled sandbox of Kard has no rate limit, and a busy machine starts calls late.
  local: {
    ...sandbox,
    kardRequestsPerSecond: 10_000,
    kardArrivalSpreadMs: 10_000,
    pollPlan: localPlan,
    webhookTargets: "public-and-loopback",
    eventBus: "new",
    eventTopic: "new",
    targetAccounts: { "organization-123": ["111122223333"] },
    removalPolicy: "destroy",
  },
};
