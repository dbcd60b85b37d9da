import { useState } from "preact/hooks";
import { Problem, Skeleton, Time } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { counted, duration } from "../../logic/format.ts";
import { api } from "../../session.ts";

/**
 * The attempts of a notification, which are loaded when the reader opens them.
 *
 * @param version changes when there may be new attempts
 */
export function Attempts({ id, version, count }: { id: string; version: string; count: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{counted(count, "attempt")}</summary>
      {isOpen && <AttemptTable id={id} version={version} />}
    </details>
  );
}

function AttemptTable({ id, version }: { id: string; version: string }) {
  const { data, error, reload } = useLoad(`${id} ${version}`, async (signal) => {
    const path = { notificationId: id };
    const answer = await api.value("GET /v2/issuers/{organizationId}/notifications/{notificationId}", { path, signal });
    return answer.data.attributes;
  });
  if (data === undefined)
    return error === undefined ? <Skeleton lines={2} /> : <Problem message={error} retry={reload} />;
  return (
    <>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Answer</th>
            <th scope="col" class="amount">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {data.lastAttempts.map(({ timestamp, statusCode, errorMessage, milliseconds }) => (
            <tr key={timestamp}>
              <td>
                <Time at={timestamp} />
              </td>
              <td dir="auto">{[statusCode, errorMessage].filter((part) => part !== undefined).join(", ")}</td>
              <td class="amount">{duration(milliseconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.lastAnswer !== undefined && data.lastAnswer !== "" && (
        <>
          <h3>Your endpoint’s last answer</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs the focus to be scrolled by keys */}
          <pre tabIndex={0} dir="auto">
            {data.lastAnswer}
          </pre>
        </>
      )}
    </>
  );
}
