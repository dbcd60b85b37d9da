import * as z from "zod";
import { type AuthorizedHttpOptions, createAuthorizedHttp } from "../../../functions/adapters/kard/authorized-http.ts";
import type { KardResponse } from "../../../functions/adapters/kard/http.ts";
import { kardId, parseJson, pathSegment } from "../../../functions/adapters/kard/schemas.ts";
import type { KardFailure } from "../../../functions/core/kard/ports.ts";

/**
 * The result of subscribing to Kard's pushes. `conflict`: Kard answers 409 and has these subscriptions for the event.
 */
export type SubscribeOutcome =
  | { outcome: "subscribed" | "updated" | "already-subscribed" }
  | { outcome: "missing" | "unauthorized" }
  | { outcome: "conflict"; webhookUrls: string[] }
  | { outcome: "throttled"; retryAfterMs: number | undefined }
  | { outcome: "failed"; reason: KardFailure };

/** Kard's `auditUpdate` notifications for an issuer. */
export interface KardPushes {
  /** Subscribes a URL. An existing subscription for it, or for a former URL of this stack, is updated. */
  subscribeToPushes(
    organizationId: string,
    webhookUrl: string,
    isFormer?: (webhookUrl: string) => boolean,
  ): Promise<SubscribeOutcome>;
}

const eventName = "auditUpdate";

const subscription = z.object({
  id: kardId,
  attributes: z.object({ webhookUrl: z.string(), enabled: z.boolean().catch(false) }),
});
const subscriptions = z.object({
  data: z.array(z.unknown()).transform((all) => all.flatMap((one) => subscription.safeParse(one).data ?? [])),
});
type Subscription = z.infer<typeof subscription>;

type Failure = Exclude<SubscribeOutcome, { outcome: "subscribed" | "updated" | "already-subscribed" }>;
type Listed = { outcome: "listed"; subscriptions: Subscription[] };

/** Manages subscriptions to Kard's pushes (Kard's notification guide). */
export function createKardPushes(options: AuthorizedHttpOptions): KardPushes {
  const send = createAuthorizedHttp(options);
  const list = (organizationId: string): Promise<Listed | Failure> => {
    const path = `${pathOf(organizationId)}?filter[eventName]=${eventName}`;
    return send(organizationId, { route: "subscriptions", method: "GET", path }, (response): Listed | Failure => {
      if (!response.answered || response.status >= 300) return failureOf(response);
      const parsed = subscriptions.safeParse(parseJson(response.body));
      if (!parsed.success) return { outcome: "failed", reason: "malformed-response" };
      return { outcome: "listed", subscriptions: parsed.data.data };
    });
  };

  const save = (organizationId: string, webhookUrl: string, existing: Subscription | undefined) => {
    const wanted = { type: "subscription", attributes: { eventName, webhookUrl, enabled: true } };
    const path = pathOf(organizationId);
    const change =
      existing === undefined
        ? ({ method: "POST", path, body: JSON.stringify({ data: [wanted] }) } as const)
        : ({
            method: "PATCH",
            path: `${path}/${pathSegment(existing.id)}`,
            body: JSON.stringify({ data: wanted }),
          } as const);
    const saved = existing === undefined ? "subscribed" : "updated";
    return send(
      organizationId,
      { route: "subscriptions", ...change },
      (response): SubscribeOutcome =>
        response.answered && response.status < 300 ? { outcome: saved } : failureOf(response),
    );
  };

  return {
    async subscribeToPushes(organizationId, webhookUrl, isFormer = () => false) {
      const listed = await list(organizationId);
      if (listed.outcome !== "listed") return listed;
      const urlOf = ({ attributes }: Subscription) => attributes.webhookUrl;
      const all = listed.subscriptions;
      const existing = all.find((one) => urlOf(one) === webhookUrl) ?? all.find((one) => isFormer(urlOf(one)));
      if (existing?.attributes.enabled && urlOf(existing) === webhookUrl) return { outcome: "already-subscribed" };
      const saved = await save(organizationId, webhookUrl, existing);
      return saved.outcome === "conflict" ? { outcome: "conflict", webhookUrls: all.map(urlOf) } : saved;
    },
  };
}

function pathOf(organizationId: string): string {
  return `/v2/issuers/${pathSegment(organizationId)}/subscriptions`;
}

function failureOf(response: KardResponse): Failure {
  if (!response.answered) return { outcome: "failed", reason: response.reason };
  const { status, retryAfterMs } = response;
  if (status === 401 || status === 403) return { outcome: "unauthorized" };
  if (status === 404) return { outcome: "missing" };
  if (status === 409) return { outcome: "conflict", webhookUrls: [] };
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return { outcome: "throttled", retryAfterMs };
  return { outcome: "failed", reason: status >= 500 ? "server-error" : "malformed-response" };
}
