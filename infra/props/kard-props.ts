import type { Duration } from "aws-cdk-lib/core";
import type { PollPlan } from "../../functions/core/tracking/poll-plan.ts";

/** How the tracker reaches and polls Kard. */
export interface KardProps {
  /**
   * URL of your OAuth 2.0 tokens for Kard, for example `https://YOUR-CLIENT.getkard.com/v2/auth/token`.
   *
   * @default - `/v2/auth/token` of `kardApiUrl`
   */
  readonly kardTokenUrl?: string;
  /**
   * How a token is requested there: with a Basic header and a form (Kard's guide), or with a JSON body (Kard's SDKs).
   *
   * @default - "form" with `kardTokenUrl`, else "json"
   */
  readonly kardTokenRequest?: "form" | "json";
  /**
   * Whether creates also name their issuer in `X-Kard-Target-Issuer`.
   *
   * @default false
   */
  readonly kardTargetIssuerOnCreate?: boolean;
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
  /**
   * How long after its creation an audit is due, in whole days. From then on it is overdue.
   *
   * @default - `overdueAfter` of the poll plan: 90 days
   */
  readonly dueAfter?: Duration;
  /**
   * How long before its due time an open audit is announced by `audit.due_soon`, in whole days. 0 for never.
   *
   * @default - `dueSoonBefore` of the poll plan: 14 days
   */
  readonly dueSoon?: Duration;
  /**
   * How long after its resolution an audit is compared with the user's rewards at Kard, in whole days. This applies to
   * resolutions that promise an adjustment or a resend. `audit.fulfilled` or `audit.unfulfilled` has the result. Kard's
   * credential needs the scope `transaction:read`.
   *
   * @default - never
   */
  readonly followUpAfter?: Duration;
}
