import type { KardCredential } from "./secret.ts";

/**
 * Builds a token request in one of Kard's two documented formats. Kard's authentication guide: the client's own
 * subdomain, a Basic header and a form. Kard's SDKs: the API host and a JSON body.
 */
export function tokenRequest(
  { clientId, clientSecret, tokenRequest: kind = "form" }: KardCredential,
  targetIssuer: string | undefined,
): { headers: Record<string, string>; body: string } {
  const shared = {
    accept: "application/json",
    ...(targetIssuer !== undefined && { "x-kard-target-issuer": targetIssuer }),
  };
  if (kind === "json") {
    const body = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
    return { headers: { ...shared, "content-type": "application/json" }, body };
  }
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  return {
    headers: { ...shared, authorization, "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials",
  };
}
