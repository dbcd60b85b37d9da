import { auditFields, type Issuer } from "../issuer.ts";
import type { KardHost } from "./kard-sdk.ts";

// Paths, bodies and credentials of the requests that Kard's own clients send.

/** The tracker as a host of Kard's SDKs, with an issuer's API key as client credentials. */
export const hostAt =
  (url: string) =>
  ({ apiKey }: Issuer): KardHost => ({ url, clientId: apiKey.slice(4, 16), clientSecret: apiKey });

export const auditsOf = (organizationId: string) => `/v2/issuers/${organizationId}/users/user-1/audits`;
export const audit = (attributes = auditFields()) => ({ data: [{ type: "audit", attributes }] });
export const subscriptionsOf = (organizationId: string) => `/v2/issuers/${organizationId}/subscriptions`;
export const subscriptionOf = (attributes: object) => ({ data: [{ type: "subscription", attributes }] });
