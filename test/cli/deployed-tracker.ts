import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { anAuditInDetail, created } from "../../infra/commands/contract/openapi/audit-examples.ts";
import { aNewSubscription, aNotification } from "../../infra/commands/contract/openapi/subscription-examples.ts";

/** The ids of the created audit and subscription. */
export const auditId = created.id;
export const subscriptionId = aNewSubscription.id;

/** A tracker's API that responds with the contract's examples. */
export async function startDeployedTracker() {
  /** The audit's status at each poll; the last one stays. */
  let statuses: string[] = [];
  /** How many lists of deliveries are empty before there is one. */
  let deliveredAfter = 0;
  /** Whether it fails to delete subscriptions. */
  let keepsSubscriptions = false;
  let onAsked = (_call: string) => {};
  let asked: { call: string; body: string }[] = [];

  const responses: [RegExp, () => { status: number; body?: unknown }][] = [
    [/^GET \/health$/, () => ({ status: 200, body: { status: "ok" } })],
    [/^POST .*\/users\/smoke-test\/audits$/, () => ({ status: 201, body: { data: [created] } })],
    [/^GET .*\/subscriptions$/, () => ({ status: 200, body: { data: [], meta: { pageSize: 0, hasNextPage: false } } })],
    [/^POST .*\/subscriptions$/, () => ({ status: 201, body: { data: [aNewSubscription] } })],
    [/^DELETE .*\/subscriptions\//, () => ({ status: keepsSubscriptions ? 500 : 204 })],
    [
      /^GET .*\/audits\/[^/]+$/,
      () => {
        const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? "NEW";
        const attributes = { ...anAuditInDetail.attributes, status };
        return { status: 200, body: { data: { ...anAuditInDetail, attributes } } };
      },
    ],
    [
      /^GET .*\/audits\?/,
      () => ({ status: 200, body: { data: [], meta: { pageSize: 1, hasNextPage: false }, links: {} } }),
    ],
    [
      /^GET .*\/notifications\?/,
      () => {
        const data = deliveredAfter-- > 0 ? [] : [aNotification];
        return { status: 200, body: { data, meta: { pageSize: 50, hasNextPage: false }, links: {} } };
      },
    ],
  ];
  const server = createServer(async (request, response) => {
    const call = `${request.method} ${request.url}`;
    asked.push({ call, body: await text(request) });
    onAsked(call);
    const { status, body } = responses.find(([route]) => route.test(call))?.[1]() ?? { status: 404 };
    response.writeHead(status).end(body === undefined ? "" : JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin(script: {
      statuses: string[];
      deliveredAfter?: number;
      keepsSubscriptions?: boolean;
      onAsked?: (call: string) => void;
    }) {
      statuses = script.statuses;
      deliveredAfter = script.deliveredAfter ?? 0;
      keepsSubscriptions = script.keepsSubscriptions ?? false;
      onAsked = script.onAsked ?? (() => {});
      asked = [];
    },
    asked: (call: RegExp) => asked.filter((one) => call.test(one.call)),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
