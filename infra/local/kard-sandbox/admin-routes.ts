import { z } from "zod";
import type { Answer } from "./answers.ts";
import type { SandboxAudit, SandboxAudits } from "./audits.ts";
import { type Dials, dials as dialsSchema } from "./dials.ts";
import type { RequestCounts } from "./request-counts.ts";
import { parseBody } from "./requests.ts";
import type { Route } from "./routes.ts";
import type { SandboxTokens } from "./tokens.ts";

const resolution = z.strictObject({
  resolutionCode: z.int().exactOptional(),
  resolutionDescription: z.string().exactOptional(),
});

/** Kard's back office, as far as a test or a demo needs it. It is local, so nobody is asked who they are. */
export function adminRoutes(options: {
  audits: SandboxAudits;
  tokens: SandboxTokens;
  requests: RequestCounts;
  dials: () => Dials;
  setDials: (settings: Dials) => Dials;
}): Route[] {
  const { audits, tokens, requests, dials, setDials } = options;
  const admin = (method: Route["method"], path: string, answer: Route["answer"]): Route => {
    return { method, path: `/admin${path}`, style: "v2", answer };
  };
  const moved = (id: string, audit: SandboxAudit | undefined): Answer => {
    if (audit !== undefined) return { status: 200, json: audit };
    const exists = audits.find(id) !== undefined;
    return exists ? refused(409, "The audit is further already") : refused(404, "There is no such audit");
  };
  const dialled = (body: string, base: object): Answer => {
    const settings = z.record(z.string(), z.unknown()).transform((given) => ({ ...base, ...given }));
    const parsed = parseBody(settings.pipe(dialsSchema), body);
    return parsed.valid ? { status: 200, json: setDials(parsed.value) } : unreadable(parsed.problems);
  };

  return [
    admin("GET", "/audits", () => ({ status: 200, json: { audits: audits.list() } })),
    admin("GET", "/audits/:id", ({ params: { id = "" } }) => {
      const audit = audits.find(id);
      return audit ? { status: 200, json: audit } : refused(404, "There is no such audit");
    }),
    admin("POST", "/audits/:id/start", ({ params: { id = "" } }) => moved(id, audits.start(id))),
    admin("POST", "/audits/:id/close", ({ params: { id = "" }, body }) => {
      const parsed = parseBody(resolution, body === "" ? "{}" : body);
      return parsed.valid ? moved(id, audits.close(id, parsed.value)) : unreadable(parsed.problems);
    }),
    admin("GET", "/requests", () => ({ status: 200, json: requests.all() })),
    admin("DELETE", "/requests", () => {
      requests.clear();
      return { status: 204 };
    }),
    admin("POST", "/tokens/revoke", () => {
      tokens.revokeAll();
      return { status: 204 };
    }),
    admin("GET", "/dials", () => ({ status: 200, json: dials() })),
    admin("PUT", "/dials", ({ body }) => dialled(body, {})),
    admin("PATCH", "/dials", ({ body }) => dialled(body, dials())),
  ];
}

const refused = (status: number, message: string): Answer => ({ status, json: { message } });
const unreadable = (problems: unknown) => refused(400, JSON.stringify(problems ?? "The body is not JSON"));
