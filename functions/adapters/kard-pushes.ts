import { z } from "zod";
import type { KardFailure, KardPushes } from "../core/kard-ports.ts";
import type { KardAnswer, KardHttpRequest } from "./kard-http.ts";
import { kardId, parseJson, pathSegment } from "./kard-schemas.ts";
import type { TokenRefusal } from "./kard-token.ts";

/** Sends a request with a token, as the client does for all of Kard's calls. */
export type SendAuthorized = <Outcome extends { outcome: string; reason?: KardFailure }>(
  organizationId: string,
  request: Pick<KardHttpRequest, "route" | "method" | "body"> & { path: string },
  interpret: (answer: KardAnswer) => Outcome,
) => Promise<Outcome | TokenRefusal>;

const eventName = "auditUpdate";

const failedPushes = z.object({
  data: z.array(z.object({ attributes: z.object({ eventId: kardId }) })),
  links: z.object({ next: z.string().max(2_000).optional() }).optional(),
});

const subscriptions = z.object({
  data: z.array(z.object({ id: kardId, attributes: z.object({ webhookUrl: z.string(), enabled: z.boolean() }) })),
});

/** Kard's own notifications of audits (Kard's notification guide): where they go, and those that did not arrive. */
export function createKardPushes(send: SendAuthorized): KardPushes {
  const base = (organizationId: string, of: "subscriptions" | "notifications") =>
    `/v2/issuers/${pathSegment(organizationId)}/${of}`;

  return {
    listFailedPushes(organizationId, page) {
      const query = `filter[eventName]=${eventName}&filter[status]=delivery_failed&page[size]=100`;
      const after = page === undefined ? "" : `&page[after]=${encodeURIComponent(page)}`;
      const path = `${base(organizationId, "notifications")}?${query}${after}`;
      return send(organizationId, { route: "notifications", method: "GET", path }, (answer) => {
        const read = parsed(answer, failedPushes);
        if (read.outcome !== "read") return read;
        const eventIds = read.value.data.map(({ attributes }) => attributes.eventId);
        return { outcome: "listed", eventIds, next: nextPage(read.value.links?.next) };
      });
    },

    replayPush(organizationId, eventId) {
      const path = `${base(organizationId, "notifications")}/${pathSegment(eventId)}/replay`;
      return send(organizationId, { route: "notifications", method: "POST", path }, (answer) =>
        answer.answered && answer.status < 300 ? { outcome: "replayed" } : failure(answer),
      );
    },

    async subscribeToPushes(organizationId, webhookUrl, isFormer = () => false) {
      const path = base(organizationId, "subscriptions");
      const listed = await send(
        organizationId,
        { route: "subscriptions", method: "GET", path: `${path}?filter[eventName]=${eventName}` },
        (answer) => parsed(answer, subscriptions),
      );
      if (listed.outcome !== "read") return listed;
      const all = listed.value.data;
      const existing =
        all.find(({ attributes }) => attributes.webhookUrl === webhookUrl) ??
        all.find(({ attributes }) => isFormer(attributes.webhookUrl));
      const current = existing?.attributes;
      if (current?.webhookUrl === webhookUrl && current.enabled) return { outcome: "subscribed-already" };
      const subscription = { type: "subscription", attributes: { eventName, webhookUrl, enabled: true } };
      const change =
        existing === undefined
          ? ({ method: "POST", path, body: JSON.stringify({ data: [subscription] }) } as const)
          : ({
              method: "PATCH",
              path: `${path}/${pathSegment(existing.id)}`,
              body: JSON.stringify({ data: subscription }),
            } as const);
      return send(organizationId, { route: "subscriptions", ...change }, (answer) =>
        answer.answered && answer.status < 300
          ? { outcome: existing === undefined ? "subscribed" : "mended" }
          : failure(answer),
      );
    },
  };
}

type Failure = { outcome: "failed"; reason: KardFailure } | { outcome: "unauthorized" | "missing" };

function parsed<Schema extends z.ZodType>(answer: KardAnswer, schema: Schema) {
  if (!answer.answered || answer.status !== 200) return failure(answer);
  const result = schema.safeParse(parseJson(answer.body));
  return result.success
    ? ({ outcome: "read", value: result.data } as const)
    : ({ outcome: "failed", reason: "malformed-answer" } as const);
}

function failure(answer: KardAnswer): Failure {
  if (!answer.answered) return { outcome: "failed", reason: answer.reason };
  if (answer.status === 401 || answer.status === 403) return { outcome: "unauthorized" };
  return answer.status === 404 ? { outcome: "missing" } : { outcome: "failed", reason: "server-error" };
}

/** The page token of a `links.next`. */
function nextPage(link: string | undefined): string | undefined {
  const query = link?.split("?")[1];
  return new URLSearchParams(query).get("page[after]") ?? undefined;
}
