import { randomUUID } from "node:crypto";
import type { Role } from "../iam/roles.ts";

/** Whoever makes AWS calls through the front door. */
export interface Caller {
  readonly kind: "function" | "event source" | "operator";
  /** Physical name of the function; undefined for the operator. */
  readonly functionName?: string;
  /** Whether a logical id or name means this caller's function. */
  readonly isFunction: (idOrName: string) => boolean;
  /** Undefined for the operator, to whom everything is allowed. */
  readonly role?: Role;
  /** Request id of the open invocation, "init" while the module loads, undefined when frozen. Functions only. */
  readonly invocation?: () => string | undefined;
  /** Kills the caller; functions only. */
  readonly crash?: () => void;
}

/** Key id with which the operator (a person, a test) calls. */
const operatorKeyId = "local";

/** Who holds which access key. */
export interface Callers {
  /** Issues an access key id. */
  admit(caller: Caller): string;
  /** Takes leave of a caller that has ended. */
  dismiss(accessKeyId: string): void;
  /** `departed` is one that has ended, of which a call may still have been on its way. */
  find(accessKeyId: string | undefined): Caller | "departed" | undefined;
}

export function createCallers(): Callers {
  const callers = new Map<string, Caller | "departed">([
    [operatorKeyId, { kind: "operator", isFunction: () => false }],
  ]);
  return {
    admit(caller) {
      const accessKeyId = `ASIA${randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase()}`;
      callers.set(accessKeyId, caller);
      return accessKeyId;
    },
    dismiss: (accessKeyId) => void callers.set(accessKeyId, "departed"),
    find: (accessKeyId) => callers.get(accessKeyId ?? ""),
  };
}
