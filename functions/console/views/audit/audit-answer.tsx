import { meaningOf } from "../../../core/kard/resolution-meanings.ts";
import { Time } from "../../components/parts.tsx";
import type { AuditDetails } from "../../logic/audit-words.ts";
import { nextActorOf, statusOf } from "../../logic/audit-words.ts";

/** What Kard has answered, or what is being waited for, in plain words. */
export function Answer({ audit }: { audit: AuditDetails }) {
  const { attributes } = audit;
  const { resolutionCode, resolutionDescription, status, refusal = [], missingSince } = attributes;
  const tone = statusOf(audit).tone;
  return (
    <section class={`card answer ${tone}`} aria-label="Kard’s answer">
      {status === "CLOSED" && (
        <>
          <p class="strong">{meaningOf(resolutionCode).meaning}</p>
          <p dir="auto">
            Kard: {resolutionCode == null ? "no code" : `code ${resolutionCode}`}
            {resolutionDescription && `, “${resolutionDescription}”`}
          </p>
        </>
      )}
      {status === "REJECTED" && (
        <>
          <p class="strong">Kard did not accept this dispute.</p>
          {refusal.map(({ status: code, title, detail }) => (
            <p key={detail} dir="auto">
              {[code, title, detail].filter(Boolean).join(" · ")}
            </p>
          ))}
        </>
      )}
      {(status === "NEW" || status === "IN_PROGRESS") && (
        <p class="strong">
          {status === "NEW" ? "Kard has the dispute and has not started yet." : "Kard is working on the dispute."}
        </p>
      )}
      {status === "SUBMITTING" && (
        <p class="strong">
          {attributes.submission === "unconfirmed"
            ? "It was sent to Kard, but Kard’s answer was lost. Ask Kard whether it has the dispute."
            : "The dispute is stored, and the tracker sends it to Kard as soon as Kard can take it."}
        </p>
      )}
      {missingSince !== undefined && (
        <p>
          Kard has not known this dispute since <Time at={missingSince} />.
        </p>
      )}
      <p>
        <span class="muted">Next step</span> {nextActorOf(audit)}
      </p>
    </section>
  );
}
