import type { Tone } from "../logic/audit-words.ts";
import { HorizontalBar } from "./horizontal-bar.tsx";

export interface Bar {
  name: string;
  value: number;
  /** The value in words. */
  words: string;
  tone?: Tone | undefined;
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
        {bars.map(({ name, value, words, tone }, index) => (
          <tr key={index}>
            <th scope="row">
              <bdi>{name}</bdi>
              <HorizontalBar values={[value]} max={longest} tone={tone} />
            </th>
            <td class="amount">{words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
