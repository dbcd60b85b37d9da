import type { PollPlan } from "../../functions/core/tracking/poll-plan.ts";

/** How the tracker reaches and polls Kard. */
export interface KardProps {
  /** URL of your OAuth 2.0 tokens for Kard: `https://YOUR-CLIENT.getkard.com/v2/auth/token`. */
  readonly kardTokenUrl: string;
  /**
   * Kard's API, without a path.
   *
   * @default "https://rewards-api.getkard.com"
   */
  readonly kardApiUrl?: string;
  /**
   * Kard's rate limit for one credential, all functions together.
   *
   * @default 50
   */
  readonly kardRequestsPerSecond?: number;
  /**
   * The share of that limit for interactive calls. The pollers divide the rest.
   *
   * @default 0.2
   */
  readonly interactiveShare?: number;
  /**
   * How far the delays of interactive calls on their way to Kard may differ, in milliseconds. A larger value makes
   * fewer calls, so that Kard still sees no more than its limit in any second.
   *
   * @default 250
   */
  readonly kardArrivalSpreadMs?: number;
  /**
   * Number of pollers that share the shards. Use more than one only if one cannot use its share of the rate limit.
   *
   * @default 1
   */
  readonly pollers?: 1 | 2 | 4 | 8;
  /**
   * When an open audit is polled.
   *
   * @default - every 5 minutes in the first hour, then less and less often; overdue after 90 days
   */
  readonly pollPlan?: PollPlan;
}
