import type { SandboxAudits } from "./audits.ts";
import type { Dials } from "./dials.ts";

/**
 * Moves audits on by their age while the dial `autoProgress` is set. What is due is read from the state each time, so a
 * restart or a turned dial needs no care.
 */
export function progressAudits(audits: SandboxAudits, { autoProgress }: Dials, now: number): void {
  if (autoProgress === null) return;
  for (const id of audits.dueIds("NEW", now - autoProgress.startAfterMs)) audits.start(id);
  for (const id of audits.dueIds("IN_PROGRESS", now - autoProgress.closeAfterMs)) audits.close(id);
}
