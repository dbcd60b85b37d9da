import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Modal } from "../components/modal.tsx";
import { refreshes } from "../components/use-load.ts";
import { disputesHref, go, hrefOf, place } from "../navigation.ts";
import { may, organization, organizations, signOut } from "../session.ts";

const views = [
  { view: "disputes", words: "Disputes", scope: "audit:read" },
  { view: "overview", words: "Overview", scope: "audit:read" },
  { view: "subscriptions", words: "Subscriptions", scope: "notifications:read" },
  { view: "undelivered", words: "Undelivered", scope: "notifications:read" },
] as const;

/** The parts around every view: navigation, search, the choice of the organization, and sign-out. */
export function Frame({ children }: { children: ComponentChildren }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const here = place.value;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "/") {
        event.preventDefault();
        search.current?.focus();
      }
      if (event.key === "?") setHelpOpen(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const find = (event: Event) => {
    event.preventDefault();
    const text = search.current?.value.trim() ?? "";
    go(disputesHref(text === "" ? {} : { search: text }));
  };
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <span class="brand">
          <Logo /> Audit tracker
        </span>
        {may("audit:read") && (
          <search>
            <form onSubmit={find}>
              <input
                ref={search}
                type="search"
                aria-label="Search disputes"
                placeholder="Transaction, reference, user or audit id"
                key={here.parameters.get("search") ?? ""}
                defaultValue={here.parameters.get("search") ?? ""}
              />
            </form>
          </search>
        )}
        <div class="account">
          <Organization />
          <button type="button" class="quiet" onClick={() => refreshes.value++}>
            Refresh
          </button>
          <button type="button" class="quiet" onClick={() => signOut()}>
            Sign out
          </button>
        </div>
        <nav aria-label="Views">
          {views
            .filter(({ scope }) => may(scope))
            .map(({ view, words }) => (
              <a
                key={view}
                href={hrefOf(organization.value, view)}
                aria-current={here.view === view ? "page" : undefined}
              >
                {words}
              </a>
            ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {isHelpOpen && <KeyboardHelp close={() => setHelpOpen(false)} />}
    </>
  );
}

function Organization() {
  const all = organizations.value;
  if (all.length < 2) return <span class="muted line">{organization.value}</span>;
  return (
    <select
      aria-label="Organization"
      value={organization.value}
      onChange={(event) => go(hrefOf(event.currentTarget.value, place.value.view))}
    >
      {all.map((id) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}

function KeyboardHelp({ close }: { close: () => void }) {
  const keys = [
    ["/", "Search"],
    ["j", "Next dispute"],
    ["k", "Previous dispute"],
    ["Enter", "Open the dispute"],
    ["Esc", "Close a dialog"],
    ["?", "Show this help"],
  ];
  return (
    <Modal title="Keyboard" close={close}>
      <dl class="keys">
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="logo" />
      <path d="M9 16.5l4.5 4.5L23 11.5" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" />
    </svg>
  );
}

/** Whether keys belong to a field or an open dialog. */
export function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  return target instanceof Element && target.closest("input, select, textarea") !== null;
}
