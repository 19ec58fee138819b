// A list of which only what can be seen is in the document: 25,000 rows cost what 40 do. Rows are of one height.
import type {ComponentChildren, JSX} from "preact";
import {useEffect, useLayoutEffect, useRef, useState} from "preact/hooks";

interface Properties {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  class?: string;
  label: string;
  scrollTo?: number | null;  // brings this row into view when it changes
  follow?: boolean;  // stays at the end while it grows, if it is there
  role?: JSX.AriaRole;
  onKeyDown?: (event: KeyboardEvent) => void;
}

const extra_rows = 8;

export function WindowList({count, rowHeight, row, label, scrollTo, follow, role = "list", onKeyDown, ...rest}: Properties) {
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({top: 0, height: 600});
  const atEnd = useRef(true);

  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const measure = () => setView((old) => (old.top === box.scrollTop && old.height === box.clientHeight ? old : {top: box.scrollTop, height: box.clientHeight}));
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    measure();
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const box = element.current;
    if (!box || scrollTo === null || scrollTo === undefined || scrollTo < 0) return;
    const top = scrollTo * rowHeight;
    if (top < box.scrollTop || top + rowHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top - box.clientHeight / 2);
    }
  }, [scrollTo, rowHeight]);
  useEffect(() => {
    const box = element.current;
    if (follow && box && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [count, follow]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - extra_rows);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + extra_rows);
  const rows: ComponentChildren[] = [];
  for (let i = first; i < last; i++) rows.push(row(i));
  return (
    <div ref={element} class={`window ${rest.class ?? ""}`} tabIndex={0} role="region" aria-label={label} onKeyDown={onKeyDown}
      onScroll={(event) => {
        const box = event.currentTarget;
        atEnd.current = box.scrollTop + box.clientHeight >= box.scrollHeight - 4;
        setView({top: box.scrollTop, height: box.clientHeight});
      }}>
      <div class="window-room" style={{height: `${count * rowHeight}px`}}>
        <div class="window-rows" role={count > 0 ? role : undefined} style={{transform: `translateY(${first * rowHeight}px)`}}>{rows}</div>
      </div>
    </div>
  );
}
