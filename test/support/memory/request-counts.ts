import type { RequestCounts } from "../../../functions/core/access/ports.ts";
import { nameOf } from "./state.ts";

/** Request counts in memory, without expiry. */
export function memoryRequestCounts(): RequestCounts {
  const sums = new Map<string, number>();
  return {
    async add(callerId, window, requests) {
      const sum = (sums.get(nameOf(callerId, window)) ?? 0) + requests;
      sums.set(nameOf(callerId, window), sum);
      return sum;
    },
  };
}
