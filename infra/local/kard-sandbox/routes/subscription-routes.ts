import { parseBody, subscriptionPatch, subscriptionsRequest } from "../http/requests.ts";
import { v2Error } from "../http/responses.ts";
import type { Route } from "../http/routes.ts";
import type { SandboxSubscription, SandboxSubscriptions } from "../state/subscriptions.ts";

const path = "/v2/issuers/:organizationId/subscriptions";

/** Kard's "Create Subscription", "Get Subscriptions" and "Update Subscription". */
export function subscriptionRoutes(subscriptions: SandboxSubscriptions): Route[] {
  return [
    {
      name: "subscriptions",
      method: "POST",
      path,
      style: "v2",
      needsToken: true,
      respond({ params: { organizationId = "" }, body }) {
        const parsed = parseBody(subscriptionsRequest, body);
        if (!parsed.valid) return invalid(parsed.problems);
        const made = parsed.value.data.map(({ attributes }) => subscriptions.create(organizationId, attributes));
        return { status: 201, json: { data: made.map(resource) } };
      },
    },
    {
      name: "subscriptions",
      method: "GET",
      path,
      style: "v2",
      needsToken: true,
      respond({ params: { organizationId = "" }, query }) {
        const eventName = query.get("filter[eventName]");
        const all = subscriptions.list(organizationId);
        const wanted = all.filter((subscription) => eventName === null || subscription.eventName === eventName);
        return { status: 200, json: { data: wanted.map(resource) } };
      },
    },
    {
      name: "subscriptions",
      method: "PATCH",
      path: `${path}/:subscriptionId`,
      style: "v2",
      needsToken: true,
      respond({ params: { organizationId = "", subscriptionId = "" }, body }) {
        const parsed = parseBody(subscriptionPatch, body);
        if (!parsed.valid) return invalid(parsed.problems);
        const changed = subscriptions.change(organizationId, subscriptionId, parsed.value.data.attributes);
        if (changed === undefined) return v2Error(404, "There is no such subscription");
        return { status: 200, json: { data: resource(changed) } };
      },
    },
  ];
}

function resource({ id, eventName, webhookUrl, enabled }: SandboxSubscription) {
  return { type: "subscription", id, attributes: { eventName, webhookUrl, enabled } };
}

function invalid(problems: readonly { pointer: string; message: string }[] | undefined) {
  const { pointer, message } = problems?.[0] ?? { pointer: "", message: "The body is not JSON" };
  return v2Error(400, message, { source: { pointer } });
}
