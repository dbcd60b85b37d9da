import { beforeAll, expect, jest } from "@jest/globals";
import { logger } from "../../functions/platform/logger.ts";
import { inProcessApi } from "../support/openapi/in-process-api.ts";
import { type DocumentedOperation, openApiDocument } from "../support/openapi/openapi-document.ts";
import { assemble, type RequestParts } from "../support/openapi/requests.ts";
import { seededWorld, setting } from "../support/openapi/seeded-world.ts";

/** Keeps expected failures out of the output. */
export function silenceErrors(): void {
  const failures = jest.spyOn(logger, "error");
  beforeAll(() => {
    failures.mockReturnValue();
  });
}

const { operations } = openApiDocument();

export type Changes = Partial<RequestParts> & { contentType?: string };

/** Sends the document's example with some changes, in a new world. */
export async function ask(
  operation: DocumentedOperation,
  { contentType = "application/json", ...changes }: Changes = {},
) {
  const world = seededWorld();
  const path = { organizationId: "organization-123", userId: "user-1", auditId: "open", subscriptionId: "plain" };
  const parts = { path, query: {}, headers: { "content-type": contentType }, body: exampleOf(operation), exists: true };
  const api = inProcessApi(world, setting.webhookKey, {});
  const response = await api(assemble(operation, { ...parts, ...changes }, setting));
  const json = response.text === "" ? undefined : (JSON.parse(response.text) as unknown);
  return { ...response, json, world };
}

export function exampleOf({ body }: DocumentedOperation): string | undefined {
  return body && JSON.stringify(body.content[0]?.example);
}

export function operation(route: string): DocumentedOperation {
  const found = operations.find((each) => each.route === route);
  if (found === undefined) throw new Error(`there is no ${route}`);
  return found;
}

/** The expected error, in the route's format. */
export function errorsOf({ route }: DocumentedOperation, status: number, source?: object): unknown {
  if (!route.includes("/transactions/")) {
    const error = { status: String(status), title: expect.any(String), detail: expect.any(String) };
    return { errors: [source === undefined ? error : { ...error, source }] };
  }
  return status === 400 ? { errors: [expect.any(String)] } : expect.any(String);
}
