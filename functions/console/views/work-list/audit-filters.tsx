import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { resolutionCodes } from "../../../core/kard/resolution-meanings.ts";
import { type Audit, claims } from "../../logic/audit-words.ts";
import { attentionReasons, type ListView } from "../../logic/list-query.ts";

interface FilterProps {
  view: ListView;
  change: (part: Partial<ListView>) => void;
  audits: readonly Audit[];
}

const ages = ["7", "14", "30", "60", "90"];

/** The filters of a work list. Each change is in the URL at once. */
export function AuditFilters({ view, change, audits }: FilterProps) {
  // The merchants of all views so far: with a filter, a view has only one.
  const merchants = useRef(new Set<string>()).current;
  for (const { attributes } of audits.slice(0, 1_000)) merchants.add(attributes.merchantName);
  const hasFilter = [view.merchant, view.user, view.claim, view.olderThan, view.resolution, view.reason].some(Boolean);
  const clear = () => change({ merchant: "", user: "", claim: "", olderThan: "", resolution: "", reason: "" });
  return (
    <div class="filters">
      <TextFilter
        label="Merchant"
        placeholder="Exact name"
        known={[...merchants].slice(0, 100)}
        value={view.merchant}
        set={(merchant) => change({ merchant: asKnown(merchant, merchants) })}
      />
      <TextFilter label="User" placeholder="User id" value={view.user} set={(user) => change({ user })} />
      <Choice label="Claim" any="All claims" value={view.claim} options={claims} set={(claim) => change({ claim })} />
      <Choice
        label="Filed"
        any="At any time"
        value={view.olderThan}
        options={Object.fromEntries(ages.map((days) => [days, `Over ${days} days ago`]))}
        set={(olderThan) => change({ olderThan })}
      />
      {view.tab === "resolved" && (
        <Choice
          label="Kard’s answer"
          any="All answers"
          value={view.resolution}
          options={Object.fromEntries(
            Object.entries(resolutionCodes).map(([code, its]) => [code, `${code} ${its.meaning}`]),
          )}
          set={(resolution) => change({ resolution })}
        />
      )}
      {view.tab === "attention" ? (
        <Choice
          label="Reason"
          any="All reasons"
          value={view.reason}
          options={Object.fromEntries(attentionReasons.map(({ id, words }) => [id, words]))}
          set={(reason) => change({ reason })}
        />
      ) : (
        <label>
          Order
          <select
            value={view.sort}
            onChange={(event) => change({ sort: event.currentTarget.value === "oldest" ? "oldest" : "newest" })}
          >
            <option value="newest">Newest first</option>
            <option value="oldest">Oldest first</option>
          </select>
        </label>
      )}
      {hasFilter && (
        <button type="button" class="quiet" onClick={clear}>
          Clear filters
        </button>
      )}
    </div>
  );
}

/** A merchant's name as it is spelled in the disputes: the API compares it exactly. */
function asKnown(name: string, merchants: Iterable<string>): string {
  const lower = name.toLowerCase();
  return [...merchants].find((known) => known.toLowerCase() === lower) ?? name;
}

interface TextFilterProps {
  label: string;
  placeholder: string;
  /** Values that the browser suggests. */
  known?: readonly string[];
  value: string;
  set: (value: string) => void;
}

/** A text field that changes only with `value`, so an arriving page does not overwrite what the reader types. */
function TextFilter({ label, placeholder, known = [], value, set }: TextFilterProps) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    if (field.current !== null) field.current.value = value;
  }, [value]);
  return (
    <label>
      {label}
      <input
        ref={field}
        list={id}
        placeholder={placeholder}
        onChange={(event) => set(event.currentTarget.value.trim())}
      />
      <datalist id={id}>
        {known.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </label>
  );
}

interface ChoiceProps {
  label: string;
  /** The words for no filter. */
  any: string;
  value: string;
  options: Readonly<Record<string, string>>;
  set: (value: string) => void;
}

function Choice({ label, any, value, options, set }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{any}</option>
        {Object.entries(options).map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
