import * as z from "zod";

/** An identity provider whose tokens (JWT) are accepted next to API keys, and the claims to read. */
export const identityProvider = z.strictObject({
  /** The required `iss` of the tokens. */
  issuer: z.string().min(1),
  /** The required `aud` of the tokens. */
  audience: z.string().min(1),
  /** The URL of the provider's public keys. */
  jwksUrl: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }),
  /** The claim with the organization, or a list of organizations. */
  organizationsClaim: z.string().min(1),
  /** The claim with the scopes: a list, or one text separated by spaces. */
  scopesClaim: z.string().min(1).default("scope"),
});

export type IdentityProvider = z.output<typeof identityProvider>;
