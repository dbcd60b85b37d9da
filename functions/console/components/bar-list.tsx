import type { Tone } from "../logic/audit-words.ts";

export interface Bar {
  name: string;
  value: number;
  /** The value in words. */
  words: string;
  tone?: Tone;
}

/** A picture that is also its table: each row has a name, a bar and its number. */
export function BarList({ head, bars, max }: { head: readonly [string, string]; bars: readonly Bar[]; max?: number }) {
  const longest = max ?? Math.max(1, ...bars.map(({ value }) => value));
  // A value that is not zero is always visible.
  const lengthOf = (value: number) => (value <= 0 ? 0 : Math.min(100, Math.max(0.5, (100 * value) / longest)));
  return (
    <table class="bar-list">
      <thead class="hidden">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, value, words, tone = "info" }, index) => (
          <tr key={index}>
            <th scope="row">
              <bdi>{name}</bdi>
              <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width="100" height="6" class="track" />
                <rect width={lengthOf(value)} height="6" />
              </svg>
            </th>
            <td class="amount">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
