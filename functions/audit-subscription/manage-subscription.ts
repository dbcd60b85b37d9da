import * as z from "zod";
import { type Api, errorText } from "../../cli/api/api.ts";
import { markOf, type PhysicalId, readPhysicalId } from "./physical-id.ts";
import { type ResourceProperties, type ResourceRequest, resourceProperties } from "./resource-event.ts";

export interface ManageDeps {
  /** Connects to the tracker of a subscription with the API key of its secret. */
  connect(properties: ResourceProperties): Promise<Api>;
  /** The secret that the webhooks are signed with. It is the same each time. */
  signingSecret(secretArn: string): Promise<string>;
}

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      attributes: z.object({ description: z.string().optional(), createdAt: z.string() }),
    }),
  ),
});

/** What an update resets if the template does not name it. */
const defaults = {
  ...{ eventNames: ["audit.closed"], filters: null, enabled: true },
  ...{ payload: "full", retrySchedule: "default", ordered: false },
};

/**
 * Creates, updates or deletes the subscription of a stack. It may be interrupted and repeated: the same request leads
 * to the same subscription.
 *
 * @param onPlanned called with the physical id before anything is created, so that a failed create can be deleted
 * @returns the physical id
 * @throws Error with the API's reason
 */
export function manageSubscription(deps: ManageDeps) {
  return async (request: ResourceRequest, onPlanned: (id: PhysicalId) => void): Promise<PhysicalId> => {
    const known = readPhysicalId(request.PhysicalResourceId);
    if (request.RequestType === "Delete") {
      // Nothing was created with a made-up id.
      if (known === undefined) return { mark: markOf(request), subscriptionId: undefined };
      const properties = resourceProperties.parse(request.ResourceProperties);
      await remove(await deps.connect(properties), known);
      return known;
    }
    const properties = resourceProperties.parse(request.ResourceProperties);
    const api = await deps.connect(properties);
    const isSame = request.RequestType === "Update" && !isElsewhere(request);
    if (known !== undefined && isSame && (await update(api, known, properties))) return known;
    const mark = markOf(request);
    onPlanned({ mark, subscriptionId: undefined });
    const secret = await deps.signingSecret(properties.SecretArn);
    return { mark, subscriptionId: await create(api, mark, properties, secret) };
  };
}

/** Whether a changed property needs another subscription. CloudFormation deletes the old one afterwards. */
function isElsewhere({ ResourceProperties, OldResourceProperties }: ResourceRequest): boolean {
  const places = resourceProperties.pick({ ApiUrl: true, OrganizationId: true, SecretArn: true });
  const [now, before] = [places.parse(ResourceProperties), places.safeParse(OldResourceProperties).data];
  return JSON.stringify(now) !== JSON.stringify(before);
}

/** Creates the subscription unless an earlier run has, and deletes those that concurrent runs have created, too. */
async function create(api: Api, mark: string, { Attributes }: ResourceProperties, secret: string): Promise<string> {
  if ((await marked(api, mark)).length === 0) {
    const attributes = { ...Attributes, description: described(Attributes.description, mark), secret };
    await accepted(api, "POST", "", { data: [{ type: "subscription", attributes }] });
  }
  const [first, ...others] = await marked(api, mark);
  if (first === undefined) throw new Error("the subscription was created and is not listed");
  for (const id of others) await accepted(api, "DELETE", `/${id}`);
  return first;
}

/** @returns whether the subscription exists */
async function update(api: Api, { mark, subscriptionId }: PhysicalId, { Attributes }: ResourceProperties) {
  if (subscriptionId === undefined) return false;
  const attributes = { ...defaults, ...Attributes, description: described(Attributes.description, mark) };
  return (await accepted(api, "PATCH", `/${subscriptionId}`, { data: { type: "subscription", attributes } })) !== 404;
}

async function remove(api: Api, { mark, subscriptionId }: PhysicalId): Promise<void> {
  const ids = new Set([...(subscriptionId === undefined ? [] : [subscriptionId]), ...(await marked(api, mark))]);
  for (const id of ids) await accepted(api, "DELETE", `/${id}`);
}

/** The subscriptions with a mark, the oldest first. */
async function marked(api: Api, mark: string): Promise<string[]> {
  const { data } = await api.ask(listed, { method: "GET", path: pathOf(api) });
  return data
    .filter(({ attributes }) => attributes.description?.endsWith(described(undefined, mark)))
    .toSorted((a, b) => `${a.attributes.createdAt} ${a.id}`.localeCompare(`${b.attributes.createdAt} ${b.id}`))
    .map(({ id }) => id);
}

const pathOf = ({ organizationId }: Api) => `/v2/issuers/${encodeURIComponent(organizationId)}/subscriptions`;

const described = (description: string | undefined, mark: string) =>
  `${description === undefined ? "" : `${description} `}[CloudFormation ${mark}]`;

/** Sends a request. Returns its status: 2xx, or 404 for a subscription that does not exist. */
async function accepted(api: Api, method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<number> {
  const response = await api.send({ method, path: pathOf(api) + path, ...(body && { body }) });
  const { status } = response;
  if (status < 300 || (status === 404 && path !== "")) return status;
  throw new Error(errorText(status, response.body));
}
