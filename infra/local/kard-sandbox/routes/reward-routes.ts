import * as z from "zod";
import { type SandboxResponse, v2Error } from "../http/responses.ts";
import type { Call, Route } from "../http/routes.ts";
import type { SandboxReward, SandboxRewards } from "../state/rewards.ts";
import type { SandboxSettings } from "../state/settings.ts";

/** Kard's reference, "Get Earned Rewards". The sandbox's cursors are offsets. */
const rewardsQuery = z.strictObject({
  "page[after]": z.coerce.number().int().min(0).default(0),
  "page[size]": z.coerce.number().int().min(1).max(200).default(10),
  "filter[status]": z.enum(["APPROVED", "SETTLED"]).default("SETTLED"),
  "filter[paidInFullOnly]": z.stringbool().default(false),
  include: z.string().exactOptional(),
});

/** Kard's "Get Earned Rewards". */
export function rewardRoutes(options: { rewards: SandboxRewards; settings: () => SandboxSettings }): Route[] {
  function getEarnedRewards({ params, query, issuer }: Call): SandboxResponse {
    const { organizationId = "", userId = "" } = params;
    if (!options.settings().readsTransactions) return v2Error(403, "The token lacks the scope transaction:read");
    if (issuer !== null && issuer !== organizationId) return v2Error(404, "There is no such issuer");
    const parsed = rewardsQuery.safeParse(Object.fromEntries(query));
    if (!parsed.success) return v2Error(400, "The query is invalid");
    const { "page[after]": offset, "page[size]": size, "filter[status]": status } = parsed.data;
    const found = options.rewards.list({ organizationId, userId }, status, size + 1, offset);
    const self = `/v2/issuers/${encodeURIComponent(organizationId)}/users/${encodeURIComponent(userId)}/earned-rewards`;
    const next = `${self}?${new URLSearchParams({ ...Object.fromEntries(query), "page[after]": `${offset + size}` })}`;
    return {
      status: 200,
      json: {
        data: found.slice(0, size).map(resource),
        links: { self, ...(found.length > size && { next }) },
        meta: { lifetimeRewardsInCents: found.reduce((sum, { commissionInCents }) => sum + commissionInCents, 0) },
      },
    };
  }

  return [
    {
      name: "rewards",
      method: "GET",
      path: "/v2/issuers/:organizationId/users/:userId/earned-rewards",
      style: "v2",
      needsToken: true,
      respond: getEarnedRewards,
    },
  ];
}

function resource({ userId, transactionId, status, amountInCents, commissionInCents, createdAt }: SandboxReward) {
  const isSettled = status === "SETTLED";
  return {
    type: isSettled ? "rewardedTransaction" : "approvedTransaction",
    id: `reward-${transactionId}`,
    attributes: {
      ...{ status, transactionId, transactionAmountInCents: amountInCents },
      transactionTimestamp: new Date(createdAt).toISOString(),
      ...(isSettled && {
        paidToIssuer: "PAID_IN_FULL",
        commissionEarned: { user: { type: "CENTS", value: commissionInCents } },
      }),
    },
    relationships: {
      user: { data: { type: "user", id: userId } },
      merchant: { data: { type: "merchant", id: "merchant-1" } },
      offer: { data: { type: "offer", id: "offer-1" } },
    },
  };
}
