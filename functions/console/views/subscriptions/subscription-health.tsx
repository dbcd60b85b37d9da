import { useEffect } from "preact/hooks";
import { DayColumns } from "../../components/day-columns.tsx";
import { Fact, Problem, Skeleton, Time } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { type DeliveryFigures, type DeliveryPeriod, percent } from "../../logic/figures.ts";
import { counted, duration, grouped } from "../../logic/format.ts";
import { hrefOf } from "../../navigation.ts";
import { api, organization } from "../../session.ts";

/**
 * How deliveries to a webhook went, from the API's figures of it.
 *
 * @param version changes when the figures may have changed
 */
export function SubscriptionHealth({ id, version }: { id: string; version: number }) {
  const { data, error, reload } = useLoad(id, async (signal) => {
    const path = { subscriptionId: id };
    const route = "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}";
    return (await api.value(route, { path, signal })).data.attributes.figures;
  });
  useEffect(() => {
    if (version > 0) reload();
  }, [version, reload]);
  if (error !== undefined) return <Problem message={error} retry={reload} />;
  return data === undefined ? <Skeleton lines={3} /> : <Health id={id} figures={data} />;
}

function Health({ id, figures }: { id: string; figures: DeliveryFigures }) {
  const { last24Hours, last7Days, days, lastSuccess, lastFailure, owedNotifications: owed, isComplete } = figures;
  const parameters = new URLSearchParams({ subscription: id });
  return (
    <>
      <dl class="facts across">
        <Fact name="Owed">
          {owed === 0 ? (
            "nothing"
          ) : (
            <a href={hrefOf(organization.value, "undelivered", "", parameters)}>
              {isComplete ? "" : "at least "}
              {counted(owed, "notification")}
            </a>
          )}
        </Fact>
        <Fact name="Last success">
          {lastSuccess === undefined ? "none" : <Time at={lastSuccess.timestamp} short />}
        </Fact>
        <Fact name="Last failure">
          {lastFailure === undefined ? (
            "none"
          ) : (
            <>
              <Time at={lastFailure.timestamp} short />
              <span class="muted" dir="auto">
                {" "}
                {lastFailure.errorMessage ?? `answered ${lastFailure.statusCode}`}
              </span>
            </>
          )}
        </Fact>
      </dl>
      <div class="health">
        <PeriodTable periods={[last24Hours, last7Days]} />
        <DayColumns
          about="Notifications"
          series={[
            { name: "Delivered", tone: "good" },
            { name: "Failed", tone: "bad" },
            { name: "Waiting", tone: "warn" },
          ]}
          days={days.map(({ day, notifications: { delivered, delivery_failed: failed, pending, held } }) => ({
            ...{ day, counts: [delivered, failed, pending + held] },
          }))}
        />
      </div>
    </>
  );
}

const rows: readonly { name: string; words: (period: DeliveryPeriod) => string }[] = [
  { name: "Delivered", words: ({ notifications }) => grouped(notifications.delivered) },
  { name: "Failed", words: ({ notifications }) => grouped(notifications.delivery_failed) },
  {
    name: "Attempts that succeed",
    words: ({ successRate }) => (successRate === undefined ? "–" : percent(successRate)),
  },
  { name: "Median response", words: ({ responseTimeP50 }) => time(responseTimeP50) },
  { name: "95 % within", words: ({ responseTimeP95 }) => time(responseTimeP95) },
];

function time(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "–" : duration(milliseconds);
}

function PeriodTable({ periods }: { periods: readonly DeliveryPeriod[] }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">Figure</span>
          </th>
          <th scope="col" class="amount">
            24 hours
          </th>
          <th scope="col" class="amount">
            7 days
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, words }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {periods.map((period, index) => (
              <td key={index} class="amount">
                {words(period)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
