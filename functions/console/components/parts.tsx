import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Tone } from "../logic/audit-words.ts";
import { relative } from "../logic/format.ts";

const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** A time in the reader's zone, with UTC on hover. */
export function Time({ at, short = false }: { at: string | number; short?: boolean }) {
  const date = new Date(at);
  const local = timeFormat.format(date);
  const title = short ? `${local}\n${date.toISOString()}` : date.toISOString();
  return (
    <time dateTime={date.toISOString()} title={title}>
      {short ? relative(date.getTime(), Date.now()) : local}
    </time>
  );
}

/** A word with a dot of its tone. The word carries the meaning, the colour only supports it. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

interface LineProps {
  text: string;
  strong?: boolean;
  /** Whether it is shown only where a column of its own has no room. */
  narrow?: boolean;
}

/** Text from outside in one line, cut off with an ellipsis. The direction follows the text. */
export function Line({ text, strong = false, narrow = false }: LineProps) {
  return (
    <span class={`line${strong ? " strong" : ""}${narrow ? " narrow" : ""}`} dir="auto" title={text}>
      {text}
    </span>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [outcome, setOutcome] = useState<string | undefined>(undefined);
  const copy = async () => {
    // A browser refuses without the permission, and has no clipboard on a page without TLS.
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(isCopied ? "Copied" : "Could not copy");
    setTimeout(() => setOutcome(undefined), 2_000);
  };
  return (
    <button type="button" class="quiet" onClick={copy}>
      <span aria-live="polite">{outcome ?? label}</span>
    </button>
  );
}

/** An error with what the reader can do about it. */
export function Problem({ message, retry }: { message: string | undefined; retry?: () => void }) {
  if (message === undefined) return null;
  return (
    <div class="notice bad" role="alert">
      <p dir="auto">{message}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What a list says when it has nothing to show. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="strong">{title}</p>
      {children && <div class="muted">{children}</div>}
    </div>
  );
}

/** Grey lines in the place of content that is being loaded. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="hidden">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}

/** A label with a value, as one pair of a description list. */
export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
