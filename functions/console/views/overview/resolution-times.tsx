import { HorizontalBar } from "../../components/horizontal-bar.tsx";
import { Empty } from "../../components/parts.tsx";
import { claimOf } from "../../logic/audit-words.ts";
import type { Figures } from "../../logic/figures.ts";
import { duration } from "../../logic/format.ts";

/** So many merchants are shown, those with the most resolutions first. */
const maxMerchants = 8;

const hour = 60 * 60_000;

/** A time in words, without the minutes of a long one: the figures are exact within 5 %. */
function words(milliseconds: number): string {
  return duration(milliseconds < 10 * hour ? milliseconds : Math.round(milliseconds / hour) * hour);
}

/** Median and 90th percentile of the time to resolution, by claim and by merchant, as bars and in words. */
export function ResolutionTimes({ times }: { times: Figures["timeToResolution"] }) {
  const byClaim = Object.entries(times.byAuditCode).map(([code, its]) => [claimOf(+code), its] as const);
  const byMerchant = Object.entries(times.byMerchant)
    .sort(([, a], [, b]) => b.count - a.count)
    .slice(0, maxMerchants);
  if (byClaim.length === 0) return <Empty title="Nothing was resolved in this period" />;
  const longest = Math.max(1, ...[...byClaim, ...byMerchant].map(([, { p90Ms }]) => p90Ms));
  return (
    <table class="plain times">
      <thead>
        <tr>
          <th scope="col">Claim or merchant</th>
          <th scope="col" class="amount">
            Count
          </th>
          <th scope="col" class="amount">
            Median
          </th>
          <th scope="col" class="amount">
            9 of 10 within
          </th>
        </tr>
      </thead>
      {[byClaim, byMerchant].map((group, index) => (
        <tbody key={index}>
          {group.map(([name, { count, medianMs, p90Ms }]) => (
            <tr key={name}>
              <th scope="row">
                <bdi>{name}</bdi>
                <HorizontalBar values={[p90Ms, medianMs]} max={longest} />
              </th>
              <td class="amount">{count}</td>
              <td class="amount">{words(medianMs)}</td>
              <td class="amount">{words(p90Ms)}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}
