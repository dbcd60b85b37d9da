import { deployedPlan } from "../../infra/config/stage-defaults.ts";
import { rateLimitStorm } from "../support/polling/rate-limit-storm.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { benchTrouble, deployedLimit, everyTrouble, type PolledOnTime, type Trouble } from "./isolation.ts";

/** Measures the effect of a failing issuer on another: polls on time, and calls per second at Kard. */
export async function benchIsolation(progress: (line: string) => void) {
  const troubles: ({ trouble: Trouble } & PolledOnTime)[] = [];
  for (const trouble of everyTrouble) {
    progress(`polling two issuers for two hours of virtual time, one of them in trouble: ${trouble}`);
    troubles.push({ trouble, ...(await benchTrouble(trouble)) });
  }
  progress("an import, a batch of pushes and polling at once");
  const storm = await rateLimitStorm({ limit: deployedLimit, pollPlan: deployedPlan, random: seededRandom(1) });
  const { limit, most, calls, responses } = storm;
  const shares = troubles.map(({ trouble, share }) => [trouble, Number(share.toFixed(3))] as const);
  return {
    polledOfHealthyIssuer: Object.fromEntries(shares.filter(([trouble]) => trouble !== "none")),
    callsPerSecondAtKard: { limit, max: most },
    troubles,
    storm: { calls, accepted: responses.accepted, waiting: responses.waiting },
  };
}
