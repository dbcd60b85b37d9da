import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import * as z from "zod";
import type { CreateOutcome, StatusOutcome } from "../../functions/core/kard/ports.ts";
import { logger } from "../../functions/platform/logger.ts";
import { type ApiResponse, expectDocumented, expectMethodNotAllowed } from "../support/openapi/check-response.ts";
import { inProcessApi } from "../support/openapi/in-process-api.ts";
import { type DocumentedOperation, openApiDocument } from "../support/openapi/openapi-document.ts";
import { type ApiRequest, assemble, rightRequests } from "../support/openapi/requests.ts";
import { seededWorld, setting } from "../support/openapi/seeded-world.ts";
import { unnamed } from "../support/openapi/valid-values.ts";
import { wrongMethod, wrongRequests } from "../support/openapi/wrong-requests.ts";
import { share } from "../support/share.ts";

// Sends each operation of the published document valid and invalid requests. Here the functions run in this process
// with stores in memory. test/e2e/audits/openapi.test.ts uses the running stack over HTTP.

const rightRuns = Number(process.env.OPENAPI_RIGHT_REQUESTS ?? Math.max(50, 10 * share));
const wrongRuns = Number(process.env.OPENAPI_WRONG_REQUESTS ?? 50 * share);

const document = openApiDocument();
const served = { openapi: "3.1.0" };

/** Kard's possible responses. */
const kardsWord = fc.record({
  creates: fc.array(
    fc.constantFrom<CreateOutcome>(
      { outcome: "accepted", kardAuditId: "kard-a" },
      {
        outcome: "refused",
        status: 404,
        errors: [{ status: "404", title: "Does Not Exist Error", detail: "no user" }],
      },
      { outcome: "refused", status: 409, errors: [{ status: "409", title: "Conflict Error", detail: "it exists" }] },
      { outcome: "refused", status: 451, errors: [{ status: "451", title: "Error", detail: "not here", id: "x" }] },
      { outcome: "throttled", retryAfterMs: 1_000 },
      { outcome: "unauthorized" },
      { outcome: "unsent", reason: "connection" },
      { outcome: "unanswered", reason: "timeout" },
    ),
    { maxLength: 3 },
  ),
  gets: fc.array(
    fc.constantFrom<StatusOutcome>(
      { outcome: "missing" },
      { outcome: "throttled", retryAfterMs: undefined },
      { outcome: "unauthorized" },
      { outcome: "failed", reason: "timeout" },
    ),
    { maxLength: 2 },
  ),
});
type KardsWord = typeof kardsWord extends fc.Arbitrary<infer Word> ? Word : never;

const failures = jest.spyOn(logger, "error");
beforeAll(() => {
  failures.mockReturnValue();
});

type World = ReturnType<typeof seededWorld>;

const tablesOf = ({ state }: World) => [state.audits, state.notifications, state.subscriptions];
const sentIn = ({ kard, deliveries, resolutions, sender }: World) =>
  [kard.creates, kard.gets, deliveries.sent, resolutions.sent, sender.posted].flat();

const untouched = tablesOf(seededWorld());

/** Whether nothing was written and nothing was called. A written row is another object. */
function isUntouched(world: World): boolean {
  const same = tablesOf(world).every((table, i) => {
    const before = untouched[i];
    return table.size === before?.size && [...table].every(([name, row]) => before.get(name) === row);
  });
  return same && sentIn(world).length === 0;
}

/** The page of `links.next` is checked, too. */
async function followLink(
  operation: DocumentedOperation,
  text: string,
  open: (target: string) => Promise<ApiResponse>,
) {
  if (!text.includes('"next":')) return;
  const { links } = z.object({ links: z.object({ next: z.string() }) }).parse(JSON.parse(text));
  const response = await open(links.next);
  expectDocumented(operation, response);
  if (response.status >= 300) throw new Error(`the next page: ${response.status} ${response.text}`);
}

/** Sends a request in a new world; for a list also the next page. */
async function ask(operation: DocumentedOperation, request: ApiRequest, { creates, gets }: KardsWord) {
  const world = seededWorld();
  world.kard.createOutcomes = [...creates];
  world.kard.statusOutcomes = [...gets];
  const send = inProcessApi(world, setting.webhookKey, served);
  const response = await send(request);
  if (response.status === 500) throw new Error(`500: ${JSON.stringify(failures.mock.lastCall)}`);
  await followLink(operation, response.text, (target) => send({ ...request, target }));
  return { response, world };
}

/** The allowed statuses for a valid request: success, Kard's errors, and 404. */
function isFair({ route }: DocumentedOperation, { exists, body }: ApiRequest, status: number): boolean {
  if (status >= 200 && status < 300) return true;
  const ofKard = ["/users/{userId}/audits", "/adopt", "/transactions/audit"].some((end) => route.endsWith(end));
  if (ofKard && [404, 409, 451, 503].includes(status)) return true;
  // Most audits are not unconfirmed, and for the others Kard may answer something else.
  if (route.endsWith("/resolve") && [404, 409, 422, 503].includes(status)) return true;
  // A subscription to Kard's event stays one and has one signature format.
  if (/^PATCH .*subscriptionId}$|rotate-secret$/.test(route) && status === 409) return true;
  // The deployment lists one account for targets.
  if (
    /^(POST|PATCH) .*subscriptions(\/\{subscriptionId\})?$/.test(route) &&
    body?.includes('"target"') &&
    status === 400
  )
    return true;
  // A subscription to Kard's event gets no examples of other events.
  if (route.endsWith("/test") && status === 409) return true;
  if (route === "POST /v2/auth/token" && status === 401) return true;
  return status === 404 && !exists;
}

describe.each(document.operations.map((operation) => [operation.route, operation] as const))("%s", (_, operation) => {
  test(`accepts ${rightRuns} valid requests`, async () => {
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(rightRequests(operation, document, setting), kardsWord, async (parts, word) => {
        const request = assemble(operation, parts, setting);
        const { response, world } = await ask(operation, request, word);
        expectDocumented(operation, response);
        statuses.add(response.status);
        if (!isFair(operation, request, response.status)) throw new Error(`${response.status}: ${response.text}`);
        if (!String(parts.body).includes(unnamed)) return;
        expect(JSON.stringify([...tablesOf(world).flatMap((table) => [...table]), sentIn(world)])).not.toContain(
          unnamed,
        );
      }),
      { numRuns: rightRuns },
    );
    const promised = Object.keys(operation.responses).filter((status) => /^2/.test(status));
    expect([...statuses].map(String)).toEqual(expect.arrayContaining(promised));
  });

  const wrong = Object.entries(wrongRequests(operation, document, setting));
  test(`refuses ${wrongRuns} invalid requests: ${wrong.map(([name]) => name).join(", ")}`, async () => {
    const kinds = fc.oneof(...wrong.map(([kind, requests]) => requests.map((parts) => ({ kind, parts }))));
    await fc.assert(
      fc.asyncProperty(kinds, kardsWord, async ({ kind, parts }, word) => {
        const { response, world } = await ask(operation, assemble(operation, parts, setting), word);
        if (response.status < 400) throw new Error(`it was taken: ${response.status} ${response.text}`);
        if (kind === wrongMethod) expectMethodNotAllowed(operation, response);
        else expectDocumented(operation, response);
        if (!isUntouched(world)) throw new Error(`it left a trace: ${response.status} ${response.text}`);
      }),
      { numRuns: wrongRuns },
    );
  });
});
