import type { Tone } from "../logic/audit-words.ts";
import { grouped } from "../logic/format.ts";

export interface DayColumnsProps {
  /** What is counted, such as `Disputes`. */
  about: string;
  series: readonly { name: string; tone: Tone }[];
  /** The counts of a day are in the order of the series. */
  days: readonly { day: string; counts: readonly number[] }[];
}

/** The height of the drawing in its own units. The width is one unit per day. */
const height = 40;
/** A count that is not zero is drawn at least so high. */
const leastHeight = 0.5;
/** The columns of a day are centred in this share of its width. */
const share = 0.76;

/** A column for each series of each day. A table below has the same numbers. */
export function DayColumns({ about, series, days }: DayColumnsProps) {
  const most = Math.max(0, ...days.flatMap(({ counts }) => counts));
  const first = days[0]?.day ?? "";
  const last = days.at(-1)?.day ?? "";
  const names = series.map(({ name }) => name.toLowerCase()).join(", ");
  return (
    <figure class="days">
      <p class="legend small">
        {series.map(({ name, tone }) => (
          <span key={name} class={`key ${tone}`}>
            {name}
          </span>
        ))}
        <span class="muted">most in a day: {grouped(most)}</span>
      </p>
      <svg
        viewBox={`0 0 ${Math.max(1, days.length)} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${about} per day from ${first} to ${last}: ${names}; the table below has the numbers`}
      >
        {days.map(({ day, counts }, index) => (
          <g key={day}>
            <title>{`${day}: ${series.map(({ name }, at) => `${grouped(counts[at] ?? 0)} ${name.toLowerCase()}`).join(", ")}`}</title>
            <rect x={index} width="1" height={height} class="hit" />
            {series.map(({ name, tone }, at) => {
              const count = counts[at] ?? 0;
              const tall = count === 0 ? 0 : Math.max(leastHeight, (height * count) / most);
              const width = share / series.length;
              const x = index + (1 - share) / 2 + at * width;
              return <rect key={name} class={tone} x={x} y={height - tall} width={width * 0.95} height={tall} />;
            })}
          </g>
        ))}
      </svg>
      <p class="axis small muted">
        <span>{first}</span>
        <span>{last}</span>
      </p>
      <details>
        <summary>Table</summary>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" class="amount">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, counts }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                {series.map(({ name }, at) => (
                  <td key={name} class="amount">
                    {grouped(counts[at] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
