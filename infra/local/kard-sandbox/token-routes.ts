import { v2Error } from "./answers.ts";
import type { Route } from "./routes.ts";
import type { SandboxSettings } from "./settings.ts";
import type { SandboxTokens } from "./tokens.ts";

/** Kard's authentication guide (OAuth 2.0 client credentials), and the ping of its reference. */
export function tokenRoutes(options: {
  tokens: SandboxTokens;
  clientId: string;
  clientSecret: string;
  settings: () => SandboxSettings;
}): Route[] {
  const { tokens, clientId, clientSecret, settings } = options;
  return [
    { name: "ping", method: "GET", path: "/v2/ping", style: "v2", answer: () => ({ status: 200, json: {} }) },
    {
      name: "token",
      method: "POST",
      path: "/v2/auth/token",
      style: "v2",
      answer({ headers, body }) {
        const [, encoded] = /^Basic (\S+)$/.exec(headers.authorization ?? "") ?? [];
        if (encoded === undefined) {
          return v2Error(400, "The Authorization header is missing", { source: { header: "Authorization" } });
        }
        const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
        if (!isForm || new URLSearchParams(body).get("grant_type") !== "client_credentials") {
          return v2Error(400, "The grant type must be client_credentials");
        }
        const [id, ...secret] = Buffer.from(encoded, "base64").toString().split(":");
        if (id !== clientId) return v2Error(404, "There is no such client");
        if (secret.join(":") !== clientSecret) return v2Error(401, "The client's credentials are wrong");
        const issuer = headers["x-kard-target-issuer"];
        const lifeSeconds = settings().tokenLifeSeconds;
        const token = tokens.issue(typeof issuer === "string" ? issuer : undefined, lifeSeconds);
        return { status: 200, json: { access_token: token, expires_in: lifeSeconds, token_type: "Bearer" } };
      },
    },
  ];
}
