// Which lines two texts share: the shortest edit between them. Source: E. W. Myers, "An O(ND) Difference Algorithm".
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  left: number | null;  // line numbers, from 1
  right: number | null;
}

const most_edits = 3000;  // beyond it the texts have little in common, and all of it is shown as changed

export function diffLines(left: string, right: string): DiffLine[] {
  const a = left.split("\n");
  const b = right.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const lines: DiffLine[] = [];
  for (let i = 0; i < head; i++) lines.push({kind: "same", text: a[i]!, left: i + 1, right: i + 1});
  lines.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head));
  for (let i = tail; i > 0; i--) {
    lines.push({kind: "same", text: a[a.length - i]!, left: a.length - i + 1, right: b.length - i + 1});
  }
  return lines;
}

function middle(a: string[], b: string[], offset: number): DiffLine[] {
  const removed = (x: number): DiffLine => ({kind: "removed", text: a[x]!, left: offset + x + 1, right: null});
  const added = (y: number): DiffLine => ({kind: "added", text: b[y]!, left: null, right: offset + y + 1});
  const trail = search(a, b);
  if (!trail) return [...a.map((_, x) => removed(x)), ...b.map((_, y) => added(y))];
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trail.length - 1; d >= 0; d--) {
    const best = trail[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (best.get(k - 1) ?? -1) < (best.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const from_x = best.get(from) ?? 0;
    const from_y = from_x - from;
    while (x > from_x && y > from_y && x > 0 && y > 0) {
      x--;
      y--;
      lines.push({kind: "same", text: a[x]!, left: offset + x + 1, right: offset + y + 1});
    }
    if (d === 0) break;
    if (down) lines.push(added(--y));
    else lines.push(removed(--x));
  }
  return lines.reverse();
}

// For each number of edits d, how far each diagonal was before its d-th edit; null when there would be too many.
function search(a: string[], b: string[]): Map<number, number>[] | null {
  let best = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(a.length + b.length, most_edits); d++) {
    trail.push(new Map(best));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (best.get(k - 1) ?? -1) < (best.get(k + 1) ?? -1));
      let x = down ? best.get(k + 1) ?? 0 : (best.get(k - 1) ?? 0) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      best.set(k, x);
      if (x >= a.length && y >= b.length) return trail;
    }
    if (d * d > 4_000_000) return null;
  }
  return null;
}
