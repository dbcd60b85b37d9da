import * as z from "zod";
import type { RewardsOutcome } from "../../core/kard/ports.ts";
import type { EarnedReward, RewardStatus } from "../../core/kard/rewards.ts";
import type { KardResponse } from "./http.ts";
import { optionalInteger, optionalText, parseJson, pathSegment } from "./schemas.ts";

const pageSize = 50;
const maxCursorLength = 1_000;

/** A transaction of Kard's "Get Earned Rewards". Only its id is required; unreadable fields count as missing. */
const listedTransaction = z.object({
  attributes: z.object({
    transactionId: z.union([z.string().min(1), z.int()]).transform(String),
    transactionAmountInCents: optionalInteger,
    commissionEarned: z
      .object({ user: z.object({ type: optionalText, value: z.number() }) })
      .optional()
      .catch(undefined),
  }),
});

const rewardsResponse = z.object({
  data: z.array(z.unknown()),
  links: z
    .object({ next: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** The path of a page of a user's rewards (Kard's reference, "Get Earned Rewards"). */
export function rewardsPath(organizationId: string, userId: string, status: RewardStatus, after: string | undefined) {
  const query = new URLSearchParams({ "filter[status]": status, "page[size]": String(pageSize) });
  if (after !== undefined) query.set("page[after]", after);
  return `/v2/issuers/${pathSegment(organizationId)}/users/${pathSegment(userId)}/earned-rewards?${query}`;
}

/**
 * Interprets a page of rewards. Transactions without a readable id are left out, because one of them must not hide the
 * others.
 */
export function interpretRewards(response: KardResponse): RewardsOutcome {
  if (!response.answered) return { outcome: "failed", reason: response.reason };
  const { status, retryAfterMs, body } = response;
  if (status === 404) return { outcome: "missing" };
  if (status === 403) return { outcome: "forbidden" };
  if (status === 401) return { outcome: "unauthorized" };
  // A 503 with Retry-After asks for a later retry (RFC 9110, 15.6.4).
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return { outcome: "throttled", retryAfterMs };
  if (status >= 500) return { outcome: "failed", reason: "server-error" };
  const parsed = rewardsResponse.safeParse(status < 300 ? parseJson(body) : undefined);
  if (!parsed.success) return { outcome: "not-understood", reason: "malformed-response" };
  const { data, links } = parsed.data;
  return { outcome: "page", rewards: data.flatMap((one) => rewardOf(one) ?? []), next: cursorIn(links?.next) };
}

function rewardOf(listed: unknown): EarnedReward | undefined {
  const parsed = listedTransaction.safeParse(listed);
  if (!parsed.success) return undefined;
  const { transactionId, transactionAmountInCents: amountInCents, commissionEarned } = parsed.data.attributes;
  const { user } = commissionEarned ?? {};
  return {
    transactionId,
    ...(amountInCents !== undefined && { amountInCents }),
    ...(user !== undefined && { commission: [user.value, user.type ?? []].flat().join(" ") }),
  };
}

/** The cursor in the address of the next page. Only the cursor is used, so a response cannot choose where calls go. */
function cursorIn(next: string | undefined): string | undefined {
  if (next === undefined || !URL.canParse(next, "https://kard.invalid")) return undefined;
  const after = new URL(next, "https://kard.invalid").searchParams.get("page[after]");
  return after === null || after === "" || after.length > maxCursorLength ? undefined : after;
}
