import { z } from "zod";

/** Whose identity tokens (JWT) are taken beside API keys, and where they say what their bearer may do. */
export const identityProvider = z.strictObject({
  /** The tokens' `iss`. */
  issuer: z.string().min(1),
  /** What the tokens' `aud` must be or hold. */
  audience: z.string().min(1),
  /** Where the provider publishes its keys. */
  jwksUrl: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }),
  /** The claim that names the organization, or lists them. */
  organizationsClaim: z.string().min(1),
  /** The claim that lists the scopes, or has them as one text with blanks in between. */
  scopesClaim: z.string().min(1).default("scope"),
});

export type IdentityProvider = z.output<typeof identityProvider>;
