import { type AccessRequest, type Grant, glob, type Statement } from "../../../infra/local/runner/iam/policy.ts";
import type { Role } from "../../../infra/local/runner/iam/roles.ts";

/** A role's grant, and how many calls needed it. */
export interface UsedGrant extends Grant {
  readonly role: string;
  readonly uses: number;
}

interface Entry {
  readonly statement: Statement;
  readonly grant: Grant;
  uses: number;
}

/** Counts the use of each grant of a stack's roles. */
export function createGrantUsage() {
  const entries = new Map<Role, Entry[]>();
  /** Cache: a function repeats the same few calls. */
  const candidates = new Map<string, Entry[]>();

  function entriesOf(role: Role): Entry[] {
    const known = entries.get(role);
    if (known !== undefined) return known;
    const allowed = role.statements.filter(({ effect }) => effect === "Allow");
    const created = allowed.flatMap((statement) => statement.grants.map((grant) => ({ statement, grant, uses: 0 })));
    entries.set(role, created);
    return created;
  }

  return {
    /** Counts a permission that a role has used. */
    note(role: Role, request: AccessRequest): void {
      const { action, resource } = request;
      const name = `${role.name} ${action} ${resource}`;
      const found =
        candidates.get(name) ??
        entriesOf(role).filter(
          ({ grant }) => glob(grant.action, "i").test(action) && glob(grant.resource).test(resource),
        );
      candidates.set(name, found);
      for (const entry of found) if (found.length === 1 || entry.statement.matches(request)) entry.uses++;
    },
    grants: (roles: readonly Role[]): UsedGrant[] =>
      roles.flatMap((role) => entriesOf(role).map(({ grant, uses }) => ({ role: role.name, ...grant, uses }))),
  };
}
