import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/**
 * Renders its content once the reader has scrolled close to it.
 *
 * @param before what is shown until then; by default an empty place of about the height of a chart
 */
export function WhenSeen({ children, before }: { children: ComponentChildren; before?: ComponentChildren }) {
  const [isSeen, setSeen] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: "400px" },
    );
    if (element.current !== null) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={element} class={isSeen || before !== undefined ? undefined : "unseen"}>
      {isSeen ? children : before}
    </div>
  );
}
