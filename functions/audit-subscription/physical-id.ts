import { createHash } from "node:crypto";
import type { ResourceRequest } from "./resource-event.ts";

/** A subscription of a stack: the mark in its description, and its id once it is known. */
export interface PhysicalId {
  mark: string;
  subscriptionId: string | undefined;
}

/**
 * The mark of the subscription that a request creates. CloudFormation and Lambda may repeat a request with the same id,
 * so the mark finds what an earlier run has created.
 */
export function markOf({ StackId, LogicalResourceId, RequestId }: ResourceRequest): string {
  const hash = createHash("sha256").update(JSON.stringify([StackId, LogicalResourceId, RequestId]));
  return hash.digest("hex").slice(0, 16);
}

/** The physical id for CloudFormation. It stays the same as long as the subscription exists. */
export function physicalIdText({ mark, subscriptionId = "" }: PhysicalId): string {
  return `${mark}/${subscriptionId}`;
}

/** @returns `undefined` for the id that CloudFormation makes up if a create gave none */
export function readPhysicalId(text = ""): PhysicalId | undefined {
  const [, mark, subscriptionId] = /^([0-9a-f]{16})\/(.*)$/.exec(text) ?? [];
  return mark === undefined ? undefined : { mark, subscriptionId: subscriptionId || undefined };
}
