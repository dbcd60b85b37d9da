import { duration } from "../logic/format.ts";
import type { Step } from "../logic/timeline.ts";
import { Time } from "./parts.tsx";

/** The history of an audit, drawn from top to bottom, with the time between its steps. */
export function Timeline({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="timeline">
      {steps.map(({ at, title, detail, tone, since }, index) => (
        <li key={index} class={tone}>
          <span dir="auto">{title}</span>
          <Time at={at} />
          <span class="muted small" dir="auto">
            {detail}
          </span>
          {since !== undefined && <span class="since">{duration(since)} later</span>}
        </li>
      ))}
    </ol>
  );
}
