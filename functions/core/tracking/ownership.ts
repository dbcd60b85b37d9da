import type { KardCredentials } from "../kard/ports.ts";

/** Whether Kard shows an issuer only its own audits. Then an id that Kard knows belongs to the issuer. */
export type ProvesOwnership = (organizationId: string) => Promise<boolean>;

/**
 * Checks by credential. A credential that several issuers share without naming one to Kard shows each the audits of
 * all. It proves nothing once the deployment has two of them.
 *
 * @param deps.organizations all known issuers of the deployment
 */
export function provesOwnership(deps: {
  credentials: KardCredentials;
  organizations: () => Promise<readonly string[]>;
}): ProvesOwnership {
  return async (organizationId) => {
    const own = await deps.credentials.credentialIdentityFor(organizationId);
    if (!own.isShared) return true;
    const others = new Set(await deps.organizations());
    others.delete(organizationId);
    const identities = await Promise.all([...others].map((other) => deps.credentials.credentialIdentityFor(other)));
    return identities.every(({ credentialId }) => credentialId !== own.credentialId);
  };
}
