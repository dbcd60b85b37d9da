export interface PercentileBarProps {
  median: number;
  p90: number;
  /** The value that fills the whole width. */
  max: number;
}

/** A bar up to the 90th percentile, with the part up to the median in full color. Its numbers are beside it. */
export function PercentileBar({ median, p90, max }: PercentileBarProps) {
  const lengthOf = (value: number) => Math.min(100, Math.max(0.5, (100 * value) / Math.max(1, max)));
  return (
    <svg class="bar info" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="6" class="track" />
      <rect width={lengthOf(p90)} height="6" class="upper" />
      <rect width={lengthOf(median)} height="6" />
    </svg>
  );
}
