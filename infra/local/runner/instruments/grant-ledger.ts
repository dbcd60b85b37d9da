import { type AccessRequest, type Grant, glob } from "../iam/policy.ts";
import type { Role } from "../iam/roles.ts";

/** A role's grant, and how many calls needed it. */
export interface UsedGrant extends Grant {
  readonly role: string;
  readonly uses: number;
}

/** Counts the use of each grant of the stack's roles. */
export interface GrantLedger {
  /** Counts a permission that a role has used. */
  note(role: Role, request: AccessRequest): void;
  grants(): UsedGrant[];
}

export function createGrantLedger(roles: Iterable<Role>): GrantLedger {
  const entries = [...roles].flatMap((role) =>
    role.statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap((statement) =>
        statement.grants.map((grant) => ({
          ...{ role, statement, grant, uses: 0 },
          isMeant: (action: string, resource: string) =>
            glob(grant.action, "i").test(action) && glob(grant.resource).test(resource),
        })),
      ),
  );
  /** Cache: a function repeats the same few calls. */
  const candidates = new Map<string, typeof entries>();
  return {
    note(role, request) {
      const { action, resource } = request;
      const name = `${role.name} ${action} ${resource}`;
      const found =
        candidates.get(name) ?? entries.filter((entry) => entry.role === role && entry.isMeant(action, resource));
      candidates.set(name, found);
      for (const entry of found) if (found.length === 1 || entry.statement.matches(request)) entry.uses++;
    },
    grants: () => entries.map(({ role, grant, uses }) => ({ role: role.name, ...grant, uses })),
  };
}
