import * as z from "zod";

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });

/** How people sign in to the console: OAuth 2.0 authorization code with PKCE, as a public client (RFC 7636). */
export const consoleSignIn = z.strictObject({
  /** The console's client id at the provider. It has no secret. */
  clientId: z.string().min(1),
  /** The provider's authorization endpoint. */
  authorizationUrl: httpUrl,
  /** The provider's token endpoint. It must allow requests from the console's origin (CORS). */
  tokenUrl: httpUrl,
  /** The scopes to ask for. */
  scope: z.string().min(1).default("openid"),
  /** More parameters of the authorization request, such as `audience` or `resource`. */
  parameters: z.record(z.string(), z.string()).default({}),
});

export type ConsoleSignIn = z.output<typeof consoleSignIn>;

/** An identity provider whose tokens (JWT) are accepted next to API keys, and the claims to read. */
export const identityProvider = z.strictObject({
  /** The required `iss` of the tokens. */
  issuer: z.string().min(1),
  /** The required `aud` of the tokens. */
  audience: z.string().min(1),
  /** The URL of the provider's public keys. */
  jwksUrl: httpUrl,
  /** The claim with the organization, or a list of organizations. */
  organizationsClaim: z.string().min(1),
  /** The claim with the scopes: a list, or one text separated by spaces. */
  scopesClaim: z.string().min(1).default("scope"),
  /** Lets people sign in to the console with the provider. */
  console: consoleSignIn.optional(),
});

export type IdentityProvider = z.output<typeof identityProvider>;
