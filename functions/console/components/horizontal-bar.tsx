import type { Tone } from "../logic/audit-words.ts";

export interface HorizontalBarProps {
  /** The largest first: only the last is in full color. */
  values: readonly number[];
  /** The value that fills the whole width. */
  max: number;
  tone?: Tone | undefined;
}

/** A bar for one value or more, on one track. Their numbers are in the text beside it. */
export function HorizontalBar({ values, max, tone = "info" }: HorizontalBarProps) {
  // A value that is not zero is always visible.
  const lengthOf = (value: number) => (value <= 0 ? 0 : Math.min(100, Math.max(0.5, (100 * value) / max)));
  return (
    <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="6" class="track" />
      {values.map((value, index) => (
        <rect key={index} width={lengthOf(value)} height="6" class={index < values.length - 1 ? "upper" : undefined} />
      ))}
    </svg>
  );
}
