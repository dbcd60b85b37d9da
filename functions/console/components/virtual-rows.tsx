import { type ComponentChildren, Fragment } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows that are drawn beyond the visible ones, so that scrolling shows no gaps. */
const overscan = 12;
/** The height of a row before one has been measured, in pixels. */
const assumedHeight = 61;

export interface VirtualRowsProps<Item> {
  items: readonly Item[];
  columns: number;
  keyOf: (item: Item) => string;
  row: (item: Item, index: number) => ComponentChildren;
  /** Called when the reader comes close to the end. */
  onNearEnd: () => void;
  /** A row that must be drawn and visible. */
  shown?: number | undefined;
}

/**
 * The body of a long table. It draws only the rows near the visible part of the page, between two empty rows that have
 * the height of the others. All rows have the same height.
 */
export function VirtualRows<Item>({ items, columns, keyOf, row, onNearEnd, shown }: VirtualRowsProps<Item>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRef(assumedHeight);
  const [first, setFirst] = useState(0);
  const [count, setCount] = useState(40);

  useLayoutEffect(() => {
    const measure = () => {
      const element = body.current;
      if (element === null) return;
      height.current = element.querySelector<HTMLElement>("tr[data-row]")?.offsetHeight || height.current;
      const above = -element.getBoundingClientRect().top / height.current;
      setFirst(Math.max(0, Math.floor(above) - overscan));
      setCount(Math.ceil(innerHeight / height.current) + 2 * overscan);
    };
    let frame = 0;
    const schedule = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    };
    measure();
    addEventListener("scroll", schedule, { passive: true });
    addEventListener("resize", schedule);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", schedule);
      removeEventListener("resize", schedule);
    };
  }, []);

  const start = Math.min(first, Math.max(0, items.length - count));
  const end = Math.min(items.length, start + count);

  useLayoutEffect(() => {
    if (end + 2 * count >= items.length) onNearEnd();
  }, [end, count, items.length, onNearEnd]);

  useLayoutEffect(() => {
    if (shown === undefined || body.current === null) return;
    const top = body.current.getBoundingClientRect().top + shown * height.current;
    if (top < 120 || top + height.current > innerHeight - 20) scrollBy({ top: top - innerHeight / 2 });
  }, [shown]);

  return (
    <tbody ref={body}>
      <Gap rows={start} height={height.current} columns={columns} />
      {items.slice(start, end).map((item, index) => (
        <Fragment key={keyOf(item)}>{row(item, start + index)}</Fragment>
      ))}
      <Gap rows={items.length - end} height={height.current} columns={columns} />
    </tbody>
  );
}

function Gap({ rows, height, columns }: { rows: number; height: number; columns: number }) {
  if (rows === 0) return null;
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${rows * height}px` }} />
    </tr>
  );
}
