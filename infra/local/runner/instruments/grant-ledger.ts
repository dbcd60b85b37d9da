import { type AccessRequest, type Grant, glob } from "../iam/policy.ts";
import type { Role } from "../iam/roles.ts";

/** A grant of a role, and how many calls have needed it. */
export interface UsedGrant extends Grant {
  readonly role: string;
  readonly uses: number;
}

/** What the roles of the stack may do, and what of it they have done. */
export interface GrantLedger {
  /** Notes that a role was allowed something. */
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
  /** A function calls the same few things again and again. */
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
