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
  return (
    <table class="bar-list">
      <thead class="hidden">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, value, words, tone = "info" }) => (
          <tr key={name}>
            <th scope="row" dir="auto">
              {name}
              <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width="100" height="6" class="track" />
                <rect width={(100 * value) / longest} height="6" />
              </svg>
            </th>
            <td class="amount">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
