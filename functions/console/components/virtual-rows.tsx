import { Fragment, type VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows that are drawn beyond the visible ones, so that scrolling shows no gaps. */
const overscan = 12;
/** The first drawn row is a multiple of this. Scrolling by less draws nothing. */
const rowsPerStep = 6;
/** The height of a row before one has been measured, in pixels. */
const assumedHeight = 61;

export interface VirtualRowsProps<Item extends object> {
  items: readonly Item[];
  columns: number;
  keyOf: (item: Item) => string;
  /** Draws a row. It must stay the same function as long as it draws the same, because drawn rows are cached. */
  row: (item: Item, index: number) => VNode;
  /** Called when the reader comes close to the end. */
  onNearEnd: () => void;
  /** A row that must be drawn and visible. */
  shown?: number | undefined;
}

/**
 * The body of a long table. It draws only the rows near the visible part of the page, between two empty rows that have
 * the height of the others. All rows have the same height.
 */
export function VirtualRows<Item extends object>({
  items,
  columns,
  keyOf,
  row,
  onNearEnd,
  shown,
}: VirtualRowsProps<Item>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const height = useRef(assumedHeight);
  const [first, setFirst] = useState(0);
  const [count, setCount] = useState(40);
  const draw = useDrawnRows(row);

  useLayoutEffect(() => {
    const measure = () => {
      const element = body.current;
      if (element === null) return;
      height.current = element.querySelector<HTMLElement>("tr[data-row]")?.offsetHeight || height.current;
      const above = -element.getBoundingClientRect().top / height.current;
      setFirst(Math.max(0, Math.floor((above - overscan) / rowsPerStep) * rowsPerStep));
      setCount(Math.ceil(innerHeight / height.current) + 2 * overscan + rowsPerStep);
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

  // Depends on the list itself: a page without new rows makes a new list of the same length.
  useEffect(() => {
    if (end + 2 * count >= items.length) onNearEnd();
  }, [end, count, items, onNearEnd]);

  useLayoutEffect(() => {
    if (shown === undefined || body.current === null) return;
    const top = body.current.getBoundingClientRect().top + shown * height.current;
    if (top < 120 || top + height.current > innerHeight - 20) scrollBy({ top: top - innerHeight / 2 });
  }, [shown]);

  return (
    <tbody ref={body}>
      <Gap rows={start} height={height.current} columns={columns} />
      {items.slice(start, end).map((item, index) => (
        <Fragment key={keyOf(item)}>{draw(item, start + index)}</Fragment>
      ))}
      <Gap rows={items.length - end} height={height.current} columns={columns} />
    </tbody>
  );
}

/** Returns the previous drawing's row for the same item, so that Preact does not compare it again. */
function useDrawnRows<Item extends object>(row: VirtualRowsProps<Item>["row"]) {
  const previous = useRef({ row, rows: new Map<Item, { index: number; node: VNode }>() });
  const known = previous.current.row === row ? previous.current.rows : new Map<never, never>();
  const rows: typeof previous.current.rows = new Map();
  previous.current = { row, rows };
  return (item: Item, index: number): VNode => {
    const same = known.get(item);
    const drawn = same?.index === index ? same : { index, node: row(item, index) };
    rows.set(item, drawn);
    return drawn.node;
  };
}

function Gap({ rows, height, columns }: { rows: number; height: number; columns: number }) {
  if (rows === 0) return null;
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${rows * height}px` }} />
    </tr>
  );
}
