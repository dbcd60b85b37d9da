import { type Audit, ageOf, isOpen, usedTime } from "../logic/audit-words.ts";
import { roughly } from "../logic/format.ts";

/** How long an audit has been open, as a bar of the time that it may take. */
export function AgeBar({ audit, now }: { audit: Audit; now: number }) {
  const age = ageOf(audit, now);
  const used = usedTime(audit, now);
  const tone = !isOpen(audit) ? "neutral" : used >= 1 ? "bad" : used >= 0.8 ? "warn" : "info";
  return (
    <span class="age">
      <span>{roughly(age)}</span>
      <svg class={`bar ${tone}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="4" class="track" />
        <rect width={Math.max(2, used * 100)} height="4" />
      </svg>
    </span>
  );
}
