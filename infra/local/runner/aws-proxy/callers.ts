import { randomUUID } from "node:crypto";
import type { Role } from "../iam/roles.ts";

/** A caller of the AWS proxy. */
export interface Caller {
  readonly kind: "function" | "event source" | "operator";
  /** Physical name of the function; undefined for the operator. */
  readonly functionName?: string;
  /** Whether a logical id or name refers to this caller's function. */
  readonly isFunction: (idOrName: string) => boolean;
  /** Undefined for the operator, who has every permission. */
  readonly role?: Role;
  /** Request id of the current invocation; "init" while the module loads; undefined when frozen. Functions only. */
  readonly invocation?: () => string | undefined;
  /** Kills the caller. Functions only. */
  readonly crash?: () => void;
}

/** Access key id of the operator: a person or a test. Operators of other accounts use the account's id. */
const operatorKeyId = "local";
const operator: Caller = { kind: "operator", isFunction: () => false };

/** Callers by their access key id. */
export interface Callers {
  /** Issues an access key id to a caller. */
  issueKey(caller: Caller): string;
  /** Revokes the access key of a caller that has ended. */
  revokeKey(accessKeyId: string): void;
  /** `revoked`: the caller has ended, and the call was still in flight. The latest 1,000 revoked keys are known. */
  find(accessKeyId: string | undefined): Caller | "revoked" | undefined;
}

/** Calls in flight end soon after their caller. */
const keptRevoked = 1000;

export function createCallers(): Callers {
  const callers = new Map<string, Caller>([[operatorKeyId, operator]]);
  const revoked = new Set<string>();
  return {
    issueKey(caller) {
      const accessKeyId = `ASIA${randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase()}`;
      callers.set(accessKeyId, caller);
      return accessKeyId;
    },
    revokeKey(accessKeyId) {
      callers.delete(accessKeyId);
      revoked.add(accessKeyId);
      const [oldest = ""] = revoked;
      if (revoked.size > keptRevoked) revoked.delete(oldest);
    },
    find(accessKeyId = "") {
      if (/^\d{12}$/.test(accessKeyId)) return operator;
      return callers.get(accessKeyId) ?? (revoked.has(accessKeyId) ? "revoked" : undefined);
    },
  };
}
