import { type CallSchedule, slotsOf } from "../../../functions/core/kard/call-schedule.ts";
import { nameOf } from "./state.ts";

/** Schedules of calls in memory, without expiry. */
export function memoryCallSchedule(): CallSchedule {
  const nextAt = new Map<string, number>();
  const holdsUntil = new Map<string, number>();
  return {
    async reserve(request) {
      const { credentialId, organizationId, intervalMs } = request;
      const issuer = nameOf(credentialId, organizationId);
      const row = { nextAt: nextAt.get(credentialId), holdsUntil: holdsUntil.get(issuer) };
      const { startAt, count } = slotsOf(row, request);
      if (count > 0) {
        const next = startAt + count * intervalMs;
        nextAt.set(credentialId, next);
        holdsUntil.set(issuer, next);
      }
      return { startAt, count };
    },
  };
}
