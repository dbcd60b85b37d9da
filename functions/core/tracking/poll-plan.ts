import { z } from "zod";

const milliseconds = z.int().positive();

const band = z
  .object({
    /** Age at which the band begins, in milliseconds since Kard accepted the audit. */
    from: milliseconds,
    /** Age at which it ends; `null` is never. */
    to: milliseconds.nullable(),
    /** How long an unchanged audit is left alone between two polls. */
    gap: milliseconds,
    /** Windows begin and end on multiples of this. */
    resolution: milliseconds,
  })
  .refine((b) => b.to === null || (b.to >= b.from && (b.to - b.from) % b.gap === 0), {
    message: "`to` must lie whole gaps after `from`",
  });

/** When an open audit is looked at, by its age: bands in order of age, none overlapping. */
export const pollPlan = z.object({
  bands: z
    .array(band)
    .min(1)
    .refine((bands) => bands.every((b, i) => (b.to === null) === (i === bands.length - 1)), {
      message: "only the last band has no end, and it has none: an open audit is never abandoned",
    })
    .refine((bands) => bands.every((b, i) => b.from > (bands[i - 1]?.to ?? 0)), {
      message: "bands must be in order of age and must not overlap",
    }),
  /** Age from which an open audit is overdue. */
  overdueAfter: milliseconds,
});

export type Band = z.infer<typeof band>;
export type PollPlan = z.infer<typeof pollPlan>;

/** Acceptance times, both ends included, in epoch milliseconds. */
export interface Window {
  from: number;
  to: number;
}

function floorTo(time: number, resolution: number): number {
  return Math.floor(time / resolution) * resolution;
}

function ceilTo(time: number, resolution: number): number {
  return Math.ceil(time / resolution) * resolution;
}

/**
 * What a band's cursor is kept under: a band that changes in any number starts anew, and so does one whose next band
 * begins elsewhere, because a first pass goes as far as that.
 */
export function bandKey({ bands }: PollPlan, band: Band): string {
  const next = bands[bands.indexOf(band) + 1];
  const numbers = [band.from, band.to ?? "forever", band.gap, band.resolution];
  return [...numbers, ...(next === undefined ? [] : [next.from, next.resolution])].join("-");
}

/** The end of a pass over a band that begins now: every poll time up to it has come. */
export function passEnd(band: Band, now: number): number {
  return floorTo(now, band.resolution);
}

/**
 * The oldest acceptance time that a band's first pass looks at. Older audits have come into the next band, which polls
 * them after all poll times that they had in this one.
 */
export function firstPassOldest({ bands }: PollPlan, band: Band, until: number): number {
  const next = bands[bands.indexOf(band) + 1];
  return next === undefined ? Number.NEGATIVE_INFINITY : until - next.from - next.resolution;
}

/** The acceptance times of the audits for which a pass holds one certain poll time: `offset` milliseconds later. */
export interface DueRange extends Window {
  offset: number;
}

/**
 * What falls due in a pass over a band, a range for each of the band's offsets, youngest audits first. Ranges overlap
 * where a pass is longer than the band's gap.
 *
 * @param since the end of the band's last pass; `undefined` if there was none, which makes every poll time so far due
 * @param until this pass's end, from `passEnd`
 * @param oldest the oldest acceptance time in the lane: no range reaches before it
 */
export function* dueRanges(
  band: Band,
  since: number | undefined,
  until: number,
  oldest: number,
): Generator<DueRange, undefined> {
  const start = since === undefined ? Number.NEGATIVE_INFINITY : floorTo(since, band.resolution);
  if (until <= start) return;
  for (let offset = band.from; offset <= (band.to ?? Number.POSITIVE_INFINITY); offset += band.gap) {
    const to = until - offset;
    if (to < oldest) return;
    const from = Math.max(start - offset + 1, oldest);
    yield { offset, from, to };
  }
}

/**
 * `dueRanges` merged into windows, in order and none touching another: an audit is in one of them exactly if its
 * acceptance plus one of the band's offsets lies after `since` and not after `until`.
 */
export function dueWindows(band: Band, since: number | undefined, until: number, oldest: number): Window[] {
  const youngestFirst: Window[] = [];
  for (const { from, to } of dueRanges(band, since, until, oldest)) {
    const younger = youngestFirst.at(-1);
    if (younger !== undefined && to >= younger.from - 1) younger.from = Math.min(younger.from, from);
    else youngestFirst.push({ from, to });
    if (from === oldest) break;
  }
  return youngestFirst.reverse();
}

/** When an audit is polled `offset` milliseconds after its acceptance: a band looks at multiples of its resolution. */
export function pollTime(band: Band, acceptedAt: number, offset: number): number {
  return ceilTo(acceptedAt + offset, band.resolution);
}

/** When the plan looks at an audit next and looked at it last; the next time always exists, the last may not yet. */
export function pollTimes(plan: PollPlan, acceptedAt: number, now: number): { last: number | undefined; next: number } {
  let last = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (const band of plan.bands) {
    const pollAt = (step: number) => pollTime(band, acceptedAt, band.from + step * band.gap);
    const steps = band.to === null ? Number.POSITIVE_INFINITY : (band.to - band.from) / band.gap;
    // Rounding up moves a poll time by less than one resolution, so the step that is due now is this one or the one
    // before.
    let step = Math.min(steps, Math.floor((now - acceptedAt - band.from) / band.gap));
    while (step >= 0 && pollAt(step) > now) step--;
    if (step >= 0) last = Math.max(last, pollAt(step));
    if (step + 1 <= steps) next = Math.min(next, pollAt(Math.max(step + 1, 0)));
  }
  return { last: Number.isFinite(last) ? last : undefined, next };
}
