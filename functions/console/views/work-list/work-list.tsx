import { useMemo } from "preact/hooks";
import { Empty, Problem, Skeleton } from "../../components/parts.tsx";
import { amountsOf, isOpen } from "../../logic/audit-words.ts";
import { counted, moneySums } from "../../logic/format.ts";
import { type ListView, listViewOf, parametersOf, type Tab } from "../../logic/list-query.ts";
import { disputesHref, go, hrefOf, place } from "../../navigation.ts";
import { organization } from "../../session.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditTable } from "./audit-table.tsx";
import { ExportButton } from "./export-button.tsx";
import { type AuditList, useAudits } from "./use-audits.ts";

const tabs: Readonly<Record<Tab, string>> = { open: "Open", attention: "Needs attention", resolved: "Resolved" };

/** The list of disputes: open ones, those that need attention, resolved ones, or those that a search has found. */
export function WorkList() {
  const view = listViewOf(place.value.parameters);
  const list = useAudits(view);
  const { audits } = list;
  const isSearch = view.search !== "";
  const change = (part: Partial<ListView>) => go(disputesHref(parametersOf({ ...view, ...part })), "replace");
  return (
    <>
      <div class="heading">
        <h1>{isSearch ? "Search" : "Disputes"}</h1>
        <ExportButton key={parametersOf(view).toString()} list={list} name={isSearch ? "search" : view.tab} />
      </div>
      {isSearch ? (
        <p class="muted" dir="auto">
          Disputes with the id “{view.search}”
        </p>
      ) : (
        <>
          <nav class="tabs" aria-label="Lists">
            {(Object.keys(tabs) as Tab[]).map((tab) => (
              <a
                key={tab}
                href={disputesHref(tab === "open" ? {} : { tab })}
                aria-current={view.tab === tab ? "page" : undefined}
              >
                {tabs[tab]}
              </a>
            ))}
          </nav>
          <AuditFilters view={view} change={change} audits={audits} />
        </>
      )}
      <Problem message={list.error} retry={list.reload} />
      {(audits.length > 0 || list.error === undefined) && <Summary list={list} view={view} />}
      {list.isLoading || (audits.length === 0 && list.hasMore && list.error === undefined) ? (
        <Skeleton lines={8} />
      ) : audits.length === 0 ? (
        list.error === undefined && <Nothing view={view} />
      ) : (
        <AuditTable list={list} />
      )}
    </>
  );
}

function Summary({ list, view }: { list: AuditList; view: ListView }) {
  const { audits } = list;
  const amounts = useMemo(() => moneySums(amountsOf(audits)), [audits]);
  const atLeast = list.isComplete ? "" : "At least ";
  const what = audits.every(isOpen) ? "at stake" : "in dispute";
  return (
    <p class="summary" role="status">
      {list.isLoading ? (
        "Loading …"
      ) : (
        <>
          <span>{atLeast + counted(audits.length, "dispute")}</span>
          {amounts !== "–" && (
            <span>
              <strong>{amounts}</strong> {what}
            </span>
          )}
          {list.hasMore && <span class="muted">More load as you scroll.</span>}
          {list.isCut && <Cut isSearch={view.search !== ""} />}
        </>
      )}
    </p>
  );
}

function Cut({ isSearch }: { isSearch: boolean }) {
  if (isSearch) return <span class="muted">Only the latest 200 of each kind of id are shown.</span>;
  return (
    <span class="muted">
      Only the latest undelivered ones are included. <a href={hrefOf(organization.value, "undelivered")}>See all</a>
    </span>
  );
}

function Nothing({ view }: { view: ListView }) {
  if (view.search !== "") {
    return (
      <Empty title="No dispute has this id">
        The search needs the whole id of a transaction, reference, user or audit. If your system filed the dispute,
        check that its call to the tracker succeeded.
      </Empty>
    );
  }
  if (parametersOf({ ...view, tab: "open", sort: "newest" }).size > 0) {
    return (
      <Empty title="No dispute matches these filters">
        The name of a merchant must be complete, with its capital letters. Clear a filter to see more.
      </Empty>
    );
  }
  if (view.tab === "attention") return <Empty title="Nothing needs your attention">Everything is on its way.</Empty>;
  if (view.tab === "resolved") return <Empty title="Nothing is resolved yet">Closed disputes appear here.</Empty>;
  return <Empty title="No open disputes">A dispute appears here as soon as your system files it.</Empty>;
}
