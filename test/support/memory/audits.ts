import { isDeepStrictEqual } from "node:util";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./state.ts";

/** Audits in memory. An update writes only the differences, and events one by one. */
export function memoryAudits({ audits, issuers }: Pick<MemoryState, "audits" | "issuers">): AuditStore {
  return {
    async get({ organizationId, auditId }) {
      const stored = audits.get(nameOf(organizationId, auditId));
      return stored === undefined ? undefined : copyOf(stored);
    },

    async getAll(keys) {
      return keys
        .flatMap(({ organizationId, auditId }) => audits.get(nameOf(organizationId, auditId)) ?? [])
        .map(copyOf);
    },

    async create(audit) {
      issuers.add(audit.organizationId);
      const name = nameOf(audit.organizationId, audit.auditId);
      const existing = audits.get(name);
      if (existing !== undefined) return { outcome: "exists", existing: copyOf(existing) };
      audits.set(name, copyOf(audit));
      return { outcome: "created" };
    },

    async update(before, after, guards) {
      const name = nameOf(before.organizationId, before.auditId);
      const stored = audits.get(name);
      if (stored === undefined || guards.some((guard) => stored[guard] !== before[guard])) return "stale";
      const { events: eventsBefore, ...restBefore } = copyOf(before);
      const { events: eventsAfter, ...restAfter } = copyOf(after);
      const events = withDifference(stored.events, eventsBefore, eventsAfter);
      audits.set(name, { ...withDifference(stored, restBefore, restAfter), events } as Audit);
      return "done";
    },
  };
}

function withDifference(stored: object, before: object, after: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...stored };
  const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const value: unknown = fresh.get(name);
    if (isDeepStrictEqual(old.get(name), value)) continue;
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}
