import type { HttpRequest } from "../../../functions/platform/http.ts";

/** A request of a caller with one organization. */
export function aHttpRequest(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    requestId: "request-1",
    method: "POST",
    path: "/transactions/audit",
    urlPath: "/transactions/audit",
    parameters: {},
    query: {},
    headers: {},
    body: { bytes: Buffer.from("{}"), contentType: "application/json" },
    caller: { organizations: ["org"], scopes: [] },
    ...changes,
  };
}
