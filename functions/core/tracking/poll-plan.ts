import * as z from "zod";

const milliseconds = z.int().positive();

const band = z
  .object({
    /** The age at which the band begins, in milliseconds since Kard accepted the audit. */
    from: milliseconds,
    /** The age at which it ends; `null` means never. */
    to: milliseconds.nullable(),
    /** The time between two polls of an audit. */
    gap: milliseconds,
    /** Windows begin and end at multiples of this. */
    resolution: milliseconds,
  })
  .refine((b) => b.to === null || (b.to >= b.from && (b.to - b.from) % b.gap === 0), {
    message: "`to` must be a multiple of `gap` after `from`",
  });

/** When open audits are polled, by age. Bands are in order of age and do not overlap. */
export const pollPlan = z.object({
  bands: z
    .array(band)
    .min(1)
    .refine((bands) => bands.every((b, i) => (b.to === null) === (i === bands.length - 1)), {
      message: "only the last band must have no end, because open audits are polled until they close",
    })
    .refine((bands) => bands.every((b, i) => b.from > (bands[i - 1]?.to ?? 0)), {
      message: "bands must be in order of age and must not overlap",
    }),
  /** The age at which an open audit is overdue. */
  overdueAfter: milliseconds,
  /** How long before that an open audit is due soon; absent if never. */
  dueSoonBefore: milliseconds.optional(),
});

export type Band = z.infer<typeof band>;
export type PollPlan = z.infer<typeof pollPlan>;

/** Acceptance times, both ends inclusive, in epoch milliseconds. */
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
 * The key of a band's cursor. A band starts again if any of its numbers changes, or the start of the next band: a first
 * pass extends to that.
 */
export function bandKey({ bands }: PollPlan, band: Band): string {
  const next = bands[bands.indexOf(band) + 1];
  const numbers = [band.from, band.to ?? "forever", band.gap, band.resolution];
  return [...numbers, ...(next === undefined ? [] : [next.from, next.resolution])].join("-");
}

/** The end of a band's pass that starts now. All poll times up to it have come. */
export function passEnd(band: Band, now: number): number {
  return floorTo(now, band.resolution);
}

/**
 * The oldest acceptance time of a band's first pass. Older audits are in the next band, which polls them after all
 * their poll times in this band.
 */
export function firstPassOldest({ bands }: PollPlan, band: Band, until: number): number {
  const next = bands[bands.indexOf(band) + 1];
  return next === undefined ? Number.NEGATIVE_INFINITY : until - next.from - next.resolution;
}

/** Acceptance times whose poll `offset` milliseconds later is in a pass. */
export interface DueRange extends Window {
  offset: number;
}

/**
 * The due acceptance times of a band's pass: one range per offset, youngest audits first. Ranges overlap if a pass is
 * longer than the band's gap.
 *
 * @param since the end of the band's last pass; `undefined` if there was none, so all poll times until now are due
 * @param until this pass's end, from `passEnd`
 * @param oldest the oldest acceptance time in the lane; no range starts before it
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
 * Merges `dueRanges` into disjoint windows in order. An audit is in a window exactly if its acceptance plus one of the
 * band's offsets is after `since` and not after `until`.
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

/** The poll time of an audit `offset` milliseconds after acceptance, rounded up to the band's resolution. */
export function pollTime(band: Band, acceptedAt: number, offset: number): number {
  return ceilTo(acceptedAt + offset, band.resolution);
}

/** The last and next poll times of an audit by the plan. `last` may be missing; `next` always exists. */
export function pollTimes(plan: PollPlan, acceptedAt: number, now: number): { last: number | undefined; next: number } {
  let last = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  for (const band of plan.bands) {
    const pollAt = (step: number) => pollTime(band, acceptedAt, band.from + step * band.gap);
    const steps = band.to === null ? Number.POSITIVE_INFINITY : (band.to - band.from) / band.gap;
    // Rounding up moves a poll time by less than one resolution, so the due step is this one or the one before.
    let step = Math.min(steps, Math.floor((now - acceptedAt - band.from) / band.gap));
    while (step >= 0 && pollAt(step) > now) step--;
    if (step >= 0) last = Math.max(last, pollAt(step));
    if (step + 1 <= steps) next = Math.min(next, pollAt(Math.max(step + 1, 0)));
  }
  return { last: Number.isFinite(last) ? last : undefined, next };
}
