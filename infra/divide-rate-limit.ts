import type { Config } from "./config.ts";

/**
 * Divides Kard's limit into whole calls a second, so that the parts together are never more than it: what audits-api
 * and kard-webhook share in all their environments, and what each poller has.
 */
export function divideRateLimit({
  kardRequestsPerSecond: limit,
  interactiveShare,
  pollers,
}: Pick<Config, "kardRequestsPerSecond" | "interactiveShare" | "pollers">): { interactive: number; perPoller: number } {
  const interactive = Math.min(Math.max(1, Math.floor(limit * interactiveShare)), Math.floor(limit) - pollers);
  return { interactive, perPoller: Math.floor((limit - interactive) / pollers) };
}
