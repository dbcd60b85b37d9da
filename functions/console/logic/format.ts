const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration in its two largest units, such as `3 d 4 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < minute) return `${(milliseconds / 1_000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
  const units = [
    ["d", day],
    ["h", hour],
    ["min", minute],
  ] as const;
  const first = units.findIndex(([, size]) => milliseconds >= size);
  let rest = milliseconds;
  const parts = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count} ${name}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

/** A duration in its largest unit, such as `3 d`. */
export function roughly(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.floor(milliseconds / 1_000)} s`;
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min`;
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)} h`;
  return `${grouped(Math.floor(milliseconds / day))} d`;
}

/** How long ago something happened, or how long until it happens. */
export function relative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (distance < minute) return at > now ? "in a moment" : "just now";
  return at > now ? `in ${roughly(distance)}` : `${roughly(distance)} ago`;
}

export const daysToMs = (days: number): number => days * day;

/** ISO 4217's code for "no currency", by which the API sums amounts without one. */
export const noCurrency = "XXX";

/** Making a formatter takes far longer than using it, so each is made once. */
const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency);
  if (known !== undefined) return known;
  const plain = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const format = new Intl.NumberFormat(undefined, currency === noCurrency ? plain : { style: "currency", currency });
  moneyFormats.set(currency, format);
  return format;
}

/** An amount in the reader's format. Amounts without a currency get none. */
export function money(cents: number, currency = noCurrency): string {
  try {
    return moneyFormat(currency).format(cents / 100);
  } catch {
    // The API accepts any three letters.
    return `${moneyFormat(noCurrency).format(cents / 100)} ${currency}`;
  }
}

/** Sums by currency as one text, such as `$120.00 + €35.50`; a dash if there is no amount. */
export function moneySums(cents: Readonly<Record<string, number>>): string {
  const sums = Object.entries(cents).filter(([, sum]) => sum !== 0);
  return sums.length === 0 ? "–" : sums.map(([currency, sum]) => money(sum, currency)).join(" + ");
}

const countFormat = new Intl.NumberFormat();

/** A count with separators, such as `2,000`. */
export function grouped(count: number): string {
  return countFormat.format(count);
}

/** A count with its noun, such as `1 dispute` or `2,000 disputes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}
