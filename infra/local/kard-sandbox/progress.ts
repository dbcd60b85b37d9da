import type { SandboxAudits } from "./state/audits.ts";
import type { SandboxSettings } from "./state/settings.ts";

/**
 * Moves audits on by their age while the setting `autoProgress` is set. It reads the due audits from the database each
 * time, so it works across restarts and changes of the setting.
 */
export function progressAudits(audits: SandboxAudits, { autoProgress }: SandboxSettings, now: number): void {
  if (autoProgress === null) return;
  for (const id of audits.dueIds("NEW", now - autoProgress.startAfterMs)) audits.start(id);
  for (const id of audits.dueIds("IN_PROGRESS", now - autoProgress.closeAfterMs)) audits.close(id);
}
