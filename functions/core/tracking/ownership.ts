import type { KardCredentials } from "../kard/ports.ts";

/** Whether Kard shows an issuer its own audits alone, so that an id that Kard knows is the issuer's own. */
export type ProvesOwnership = (organizationId: string) => Promise<boolean>;

/**
 * Kard proves ownership by the credential that a call is made with. A credential that several issuers share, without
 * naming one of them to Kard, shows each the audits of all: it proves nothing once the deployment has two of them.
 *
 * @param deps.organizations all issuers of the deployment that are known
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
