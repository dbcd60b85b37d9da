import * as z from "zod";
import { parseBody } from "../http/requests.ts";
import type { SandboxResponse } from "../http/responses.ts";
import type { Route } from "../http/routes.ts";
import type { SandboxAudit, SandboxAudits } from "../state/audits.ts";
import type { RequestCounts } from "../state/request-counts.ts";
import { reward, type SandboxRewards } from "../state/rewards.ts";
import { type SandboxSettings, settingsSchema } from "../state/settings.ts";
import type { SandboxTokens } from "../state/tokens.ts";

const resolution = z.strictObject({
  resolutionCode: z.int().exactOptional(),
  resolutionDescription: z.string().exactOptional(),
});

/** The sandbox's admin API for tests and demos. It needs no authentication, because it is local. */
export function adminRoutes(options: {
  audits: SandboxAudits;
  rewards: SandboxRewards;
  tokens: SandboxTokens;
  requests: RequestCounts;
  settings: () => SandboxSettings;
  setSettings: (next: SandboxSettings) => SandboxSettings;
}): Route[] {
  const { audits, rewards, tokens, requests, settings, setSettings } = options;
  const admin = (method: Route["method"], path: string, respond: Route["respond"]): Route => {
    return { method, path: `/admin${path}`, style: "v2", respond };
  };
  const moved = (id: string, audit: SandboxAudit | undefined): SandboxResponse => {
    if (audit !== undefined) return { status: 200, json: audit };
    const exists = audits.find(id) !== undefined;
    return exists ? refused(409, "The audit is already past this status") : refused(404, "There is no such audit");
  };
  const changed = (body: string, base: object): SandboxResponse => {
    const merged = z.record(z.string(), z.unknown()).transform((given) => ({ ...base, ...given }));
    const parsed = parseBody(merged.pipe(settingsSchema), body);
    return parsed.valid ? { status: 200, json: setSettings(parsed.value) } : unreadable(parsed.problems);
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
    admin("PUT", "/issuers/:organizationId/users/:userId/rewards", ({ params, body }) => {
      const { organizationId = "", userId = "" } = params;
      const parsed = parseBody(reward, body);
      if (!parsed.valid) return unreadable(parsed.problems);
      rewards.set({ organizationId, userId }, parsed.value);
      return { status: 204 };
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
    admin("GET", "/settings", () => ({ status: 200, json: settings() })),
    admin("PUT", "/settings", ({ body }) => changed(body, {})),
    admin("PATCH", "/settings", ({ body }) => changed(body, settings())),
  ];
}

const refused = (status: number, message: string): SandboxResponse => ({ status, json: { message } });
const unreadable = (problems: unknown) => refused(400, JSON.stringify(problems ?? "The body is not JSON"));
