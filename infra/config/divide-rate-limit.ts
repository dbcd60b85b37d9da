import type { Config } from "./config.ts";

/**
 * Divides Kard's rate limit into whole calls per second whose sum never exceeds it: one part for audits-api and
 * kard-webhook together, and one for each poller.
 */
export function divideRateLimit({
  kardRequestsPerSecond: limit,
  interactiveShare,
  pollers,
}: Pick<Config, "kardRequestsPerSecond" | "interactiveShare" | "pollers">): { interactive: number; perPoller: number } {
  const interactive = Math.min(Math.max(1, Math.floor(limit * interactiveShare)), Math.floor(limit) - pollers);
  return { interactive, perPoller: Math.floor((limit - interactive) / pollers) };
}
