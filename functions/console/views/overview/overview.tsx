import type { ComponentChildren } from "preact";
import { BarList } from "../../components/bar-list.tsx";
import { DayColumns } from "../../components/day-columns.tsx";
import { Badge, Empty, Problem, Skeleton, Time } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { deliverySuccess, type Figures, openByAge, pollingDelay, resolutions, totalsOf } from "../../logic/figures.ts";
import { counted, grouped, moneySums } from "../../logic/format.ts";
import { api, may } from "../../session.ts";
import { loadSubscriptionNames } from "../subscription-names.ts";
import { ResolutionTimes } from "./resolution-times.tsx";

type NameOf = (subscriptionId: string) => string;

/** The figures of an issuer. Each picture answers one question. */
export function Overview() {
  const { data, error, reload } = useLoad("stats", async (signal) => {
    const [answer, nameOf] = await Promise.all([
      api.value("GET /v2/issuers/{organizationId}/stats", { signal }),
      loadSubscriptionNames(signal),
    ]);
    return { figures: answer.data.attributes, nameOf };
  });
  return (
    <>
      <div class="heading">
        <h1>Overview</h1>
        {data !== undefined && (
          <p class="muted">
            The last 30 days, as of <Time at={data.figures.asOf} />
            {data.figures.open.asOf !== data.figures.asOf && (
              <>
                . Open disputes as of <Time at={data.figures.open.asOf} />
              </>
            )}
          </p>
        )}
      </div>
      <Problem message={error} retry={reload} />
      {data === undefined ? error === undefined && <Skeleton lines={8} /> : <Charts {...data} />}
    </>
  );
}

function Charts({ figures, nameOf }: { figures: Figures; nameOf: NameOf }) {
  const ages = openByAge(figures);
  const { filed, resolved } = totalsOf(figures);
  const codes = resolutions(figures);
  const polling = pollingDelay(figures);
  const open = ages.reduce((total, { count }) => total + count, 0);
  const uncounted = figures.days.filter(({ isComplete }) => !isComplete).length;
  const isCut = !figures.open.isComplete || !figures.deliveries.isComplete;
  return (
    <>
      {uncounted > 0 && (
        <p class="notice">
          {counted(uncounted, "day")} of this period {uncounted === 1 ? "is" : "are"} not counted in full, so some
          figures are too low. Each refresh counts more. Days whose disputes were deleted by the retention setting
          before they were counted stay incomplete.
        </p>
      )}
      {isCut && <p class="notice">There is more data than one request reads, so some figures are too low.</p>}
      <dl class="numbers">
        <Total name="Open now">{grouped(open)}</Total>
        <Total name="At stake">{moneySums(figures.open.amounts)}</Total>
        <Total name="Filed">{grouped(filed)}</Total>
        <Total name="Resolved">{grouped(resolved)}</Total>
        <Total name="Polling of Kard">
          <Badge tone={polling.tone}>{polling.words}</Badge>
        </Total>
      </dl>
      <div class="charts">
        <Chart question="Do resolutions keep up with disputes?" isWide>
          <DayColumns
            about="Disputes"
            series={[
              { name: "Filed", tone: "info" },
              { name: "Resolved", tone: "good" },
            ]}
            days={figures.days.map(({ day, filed: each, closed, rejected }) => ({
              ...{ day, counts: [each, closed + rejected] },
            }))}
          />
        </Chart>
        <Chart question="How old are open disputes?">
          <BarList
            head={["Age", "Open disputes"]}
            bars={ages.map(({ name, count }, index) => ({
              ...{ name, value: count, words: grouped(count) },
              tone: index === 4 ? "bad" : index === 3 ? "warn" : "info",
            }))}
          />
        </Chart>
        {may("notifications:read") && (
          <Chart question="Do your webhooks arrive? (7 days)">
            <Deliveries figures={figures} nameOf={nameOf} />
          </Chart>
        )}
        <Chart question="How does Kard resolve them?">
          {codes.length === 0 ? (
            <Empty title="Nothing was resolved in this period" />
          ) : (
            <BarList
              head={["Kard’s answer", "Disputes"]}
              bars={codes.map(({ code, meaning, count }) => ({
                ...{ name: `${code} ${meaning}`, value: count, words: grouped(count) },
              }))}
            />
          )}
        </Chart>
        <Chart question="How long does a resolution take?">
          <ResolutionTimes times={figures.timeToResolution} />
        </Chart>
      </div>
    </>
  );
}

function Deliveries({ figures, nameOf }: { figures: Figures; nameOf: NameOf }) {
  const entries = Object.entries(figures.deliveries.bySubscription);
  if (entries.length === 0) return <Empty title="No notification in the last 7 days" />;
  return (
    <BarList
      head={["Webhook", "Delivered"]}
      max={1}
      bars={entries.map(([id, counts]) => {
        const { share, words } = deliverySuccess(counts);
        const tone = share === undefined ? "neutral" : share >= 0.99 ? "good" : share >= 0.9 ? "warn" : "bad";
        return { name: nameOf(id), value: share ?? 0, words, tone };
      })}
    />
  );
}

function Total({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="card">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Chart({ question, isWide, children }: { question: string; isWide?: true; children: ComponentChildren }) {
  return (
    <section class={isWide ? "card wide" : "card"}>
      <h2>{question}</h2>
      {children}
    </section>
  );
}
