import { deployedPlan } from "../../infra/config/stage-defaults.ts";
import { rateLimitStorm } from "../support/polling/rate-limit-storm.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { benchTrouble, deployedLimit, everyTrouble, type PolledOnTime, type Trouble } from "./isolation.ts";

/** Measures the effect of a failing issuer on another: polls on time, and calls per second at Kard. */
export async function benchIsolation(progress: (line: string) => void) {
  const results = new Map<Trouble, PolledOnTime>();
  for (const trouble of everyTrouble) {
    progress(`polling two issuers for two hours of virtual time, one of them in trouble: ${trouble}`);
    results.set(trouble, await benchTrouble(trouble));
  }
  progress("an import, a batch of pushes and polling at once");
  const storm = await rateLimitStorm({ limit: deployedLimit, pollPlan: deployedPlan, random: seededRandom(1) });

  console.log("Issuer A (2,000 open audits) in trouble, issuer B (200) healthy, by the deployed plan:");
  for (const [trouble, { share, due, auditsPolled, troubledCalls }] of results) {
    console.log(
      `  ${trouble.padEnd(13)} ${(100 * share).toFixed(1).padStart(5)} % of B's ${due} due polls on time; ` +
        `${auditsPolled} of B's 200 audits polled; ${troubledCalls} calls for A`,
    );
  }
  const { limit, most, calls, responses } = storm;
  console.log(
    `${calls} calls of imports, pushes and polling at once: at most ${most} in a second, with a limit of ${limit}; ` +
      `${responses.accepted} audits were submitted within their request and ${responses.waiting} by the pollers`,
  );

  const shares = Object.fromEntries([...results].map(([trouble, { share }]) => [trouble, Number(share.toFixed(3))]));
  const { none: _, ...polledOfHealthyIssuer } = shares;
  return { polledOfHealthyIssuer, callsPerSecondAtKard: { limit, max: most } };
}
