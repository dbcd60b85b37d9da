import { afterEach, beforeEach, jest } from "@jest/globals";
import { identityTokens } from "../../../../functions/adapters/identity/identity-tokens.ts";
import type { Identify } from "../../../../functions/core/access/authenticate.ts";
import { noon } from "../../../support/fake-clock.ts";
import { newSigner, startIdentityServer } from "../../../support/identity-server.ts";

export const signer = await newSigner("key-1");

export const trust = {
  issuer: "https://id.example/",
  audience: "audits",
  organizationsClaim: "https://example.com/org",
  scopesClaim: "scope",
};
export const claims = {
  iss: trust.issuer,
  aud: trust.audience,
  sub: "client-7",
  exp: noon / 1_000 + 300,
  [trust.organizationsClaim]: "org",
  scope: "audit:read openid audit:write",
};

/** An identity provider that is started for each test, and the tracker's check of its tokens. */
export function trustedProvider() {
  const provider = {
    now: noon,
    server: undefined as unknown as Awaited<ReturnType<typeof startIdentityServer>>,
    identify: undefined as unknown as Identify,
  };
  beforeEach(async () => {
    provider.now = noon;
    // jose measures the age of the keys by the system clock.
    jest.spyOn(Date, "now").mockImplementation(() => provider.now);
    provider.server = await startIdentityServer(signer.jwk);
    provider.identify = identityTokens({ ...trust, jwksUrl: provider.server.jwksUrl }, () => provider.now);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await provider.server.stop();
  });
  return provider;
}
