// Two texts, line against line.
import {useMemo} from "preact/hooks";
import {plural} from "../format.ts";
import {diffLines} from "./diff.ts";
import {WindowList} from "../parts/window_list.tsx";

const context_lines = 4;
type Row = {kind: "same" | "added" | "removed" | "skipped"; text: string; left: number | null; right: number | null};

export function DiffView({left, right, label}: {left: string; right: string; label: string}) {
  const {rows, added, removed} = useMemo(() => {
    const lines = diffLines(left, right);
    const near = new Set<number>();
    lines.forEach((line, i) => {
      if (line.kind !== "same") for (let k = i - context_lines; k <= i + context_lines; k++) near.add(k);
    });
    const kept: Row[] = [];
    let skipped = 0;
    lines.forEach((line, i) => {
      if (near.has(i)) {
        if (skipped > 0) kept.push({kind: "skipped", text: plural(skipped, "equal line"), left: null, right: null});
        skipped = 0;
        kept.push(line);
      } else {
        skipped++;
      }
    });
    if (skipped > 0 && kept.length > 0) kept.push({kind: "skipped", text: plural(skipped, "equal line"), left: null, right: null});
    return {
      rows: kept, added: lines.filter((line) => line.kind === "added").length, removed: lines.filter((line) => line.kind === "removed").length,
    };
  }, [left, right]);
  if (added + removed === 0) return <p class="pending">{label}: no difference.</p>;
  return (
    <div class="diff">
      <p class="diff-sum">{label} <span class="added">+{added}</span> <span class="removed">−{removed}</span></p>
      <WindowList count={rows.length} rowHeight={20} label={label} class="diff-lines" role="presentation" row={(i) => {
        const row = rows[i]!;
        return (
          <div key={i} class={`diff-line ${row.kind}`}>
            <span class="diff-number">{row.left ?? ""}</span><span class="diff-number">{row.right ?? ""}</span>
            <span class="diff-sign">{row.kind === "added" ? "+" : row.kind === "removed" ? "−" : ""}</span>
            <span class="diff-text">{row.text}</span>
          </div>
        );
      }} />
    </div>
  );
}
