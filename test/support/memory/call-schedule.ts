import { type CallSchedule, slotsOf } from "../../../functions/core/shared/call-schedule.ts";
import { nameOf } from "./state.ts";

/** Schedules of calls in memory, without expiry. */
export function memoryCallSchedule(): CallSchedule {
  const nextAt = new Map<string, number>();
  const holdsUntil = new Map<string, number>();
  return {
    async reserve(request) {
      const { scheduleId, organizationId, intervalMs } = request;
      const issuer = nameOf(scheduleId, organizationId);
      const row = { nextAt: nextAt.get(scheduleId), holdsUntil: holdsUntil.get(issuer) };
      const { startAt, count } = slotsOf(row, request);
      if (count > 0) {
        const next = startAt + count * intervalMs;
        nextAt.set(scheduleId, next);
        holdsUntil.set(issuer, next);
      }
      return { startAt, count };
    },
  };
}
