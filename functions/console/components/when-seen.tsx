import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Renders its content once the reader has scrolled close to it, and keeps a place of about its height until then. */
export function WhenSeen({ children }: { children: ComponentChildren }) {
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
    <div ref={element} class={isSeen ? undefined : "unseen"}>
      {isSeen && children}
    </div>
  );
}
