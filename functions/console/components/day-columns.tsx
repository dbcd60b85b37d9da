export interface DayCounts {
  day: string;
  filed: number;
  resolved: number;
}

/** The height of the drawing in its own units. The width is one unit per day. */
const height = 40;

/** Two columns for each day: filed and resolved. A table below has the same numbers. */
export function DayColumns({ days }: { days: readonly DayCounts[] }) {
  const top = Math.max(1, ...days.flatMap(({ filed, resolved }) => [filed, resolved]));
  const first = days[0]?.day ?? "";
  const last = days.at(-1)?.day ?? "";
  return (
    <figure class="days">
      <p class="legend small">
        <span class="key filed">Filed</span>
        <span class="key resolved">Resolved</span>
        <span class="muted">most in a day: {top}</span>
      </p>
      <svg
        viewBox={`0 0 ${Math.max(1, days.length)} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Disputes filed and resolved per day from ${first} to ${last}; the table below has the numbers`}
      >
        {days.map(({ day, filed, resolved }, index) => (
          <g key={day}>
            <title>{`${day}: ${filed} filed, ${resolved} resolved`}</title>
            <rect x={index} width="1" height={height} class="hit" />
            <Column x={index + 0.12} of={filed} top={top} series="filed" />
            <Column x={index + 0.5} of={resolved} top={top} series="resolved" />
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
              <th scope="col" class="amount">
                Filed
              </th>
              <th scope="col" class="amount">
                Resolved
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, filed, resolved }) => (
              <tr key={day}>
                <td>{day}</td>
                <td class="amount">{filed}</td>
                <td class="amount">{resolved}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Column({ x, of, top, series }: { x: number; of: number; top: number; series: string }) {
  const tall = (height * of) / top;
  return <rect class={series} x={x} y={height - tall} width="0.36" height={tall} />;
}
