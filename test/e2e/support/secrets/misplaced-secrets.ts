import { auditFields, type CallOptions } from "../issuer.ts";

type Misplaced = [method: "GET" | "POST", path: string, options?: CallOptions];

/** Invalid requests of an issuer with a secret in a wrong place. */
export function misplaced(secret: string, organizationId: string, webhookUrl: string): Misplaced[] {
  const base = `/v2/issuers/${organizationId}`;
  const text = encodeURIComponent(secret);
  const subscription = (attributes: object) => ({ body: { data: [{ type: "subscription", attributes }] } });
  const audit = (attributes: object) => ({ body: { data: [{ type: "audit", attributes }] } });

  return [
    ["GET", `/nothing?api_key=${text}`],
    ["GET", `/nothing/${text}`],
    ["GET", `/v2/issuers/${text}/audits`],
    ["GET", `${base}/audits/${text}`],
    ["GET", `${base}/audits?filter[status]=${text}`],
    ["GET", `${base}/audits?page[after]=${text}`],
    ["GET", `${base}/subscriptions/${text}`],
    ["GET", `${base}/notifications/${text}`],
    ["GET", `/transactions/audit/${text}`],
    ["GET", `${base}/audits`, { headers: { authorization: `Basic ${secret}` } }],
    ["GET", `${base}/audits`, { headers: { authorization: "", "x-api-key": secret } }],
    ["POST", `${base}/users/user-1/audits`, { body: `{"secret":"${secret}"` }],
    ["POST", `${base}/users/user-1/audits`, { body: "{}", headers: { "content-type": `text/${text}` } }],
    ["POST", `${base}/users/user-1/audits`, { ...audit({ ...auditFields(), auditCode: secret }) }],
    ["POST", `${base}/users/user-1/audits`, { ...audit({ secret }), headers: { "idempotency-key": secret } }],
    ["POST", `${base}/users/user-1/audits`, { body: { data: secret } }],
    ["POST", "/transactions/audit", { body: { issuer: secret } }],
    ["POST", "/v2/auth/token", { body: { client_id: secret, client_secret: secret } }],
    ["POST", "/v2/auth/token", { body: { client_id: [secret], client_secret: "kat_" } }],
    [
      "POST",
      "/v2/auth/token",
      {
        body: `grant_type=${text}&client_secret=${text}`,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      },
    ],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl: `https://user:${text}@issuer.example/` })],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl: secret })],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl, eventNames: [secret] })],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl, secret: `whsec_${secret}!` })],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl, headers: { host: secret } })],
    ["POST", `${base}/subscriptions`, subscription({ webhookUrl, filters: { auditCodes: [secret] } })],
    [
      "POST",
      `/kard/${organizationId}/notifications`,
      {
        body: { secret },
        headers: { "notify-signature": secret },
      },
    ],
  ];
}
