// Which lines two texts share: the shortest edit between them. Source: E. W. Myers, "An O(ND) Difference Algorithm".
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  left: number | null;  // line numbers, from 1
  right: number | null;
}

const most_edits = 1000;  // beyond it the texts have little in common, and all of it is shown as changed

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

// How far each diagonal was before the d-th edit, for each d; null when there would be too many. Diagonal k = x - y lies
// at index k + middle.
class Reach {
  constructor(private readonly furthest: Int32Array, private readonly middle: number) {}
  get(k: number): number | undefined {
    return this.furthest[k + this.middle];
  }
}

function search(a: string[], b: string[]): Reach[] | null {
  const most = Math.min(a.length + b.length, most_edits);
  const middle = most + 1;
  const best = new Int32Array(2 * most + 3).fill(-1);
  best[middle + 1] = 0;
  const trail: Reach[] = [];
  for (let d = 0; d <= most; d++) {
    const from = Math.max(0, middle - d - 1);
    trail.push(new Reach(best.slice(from, middle + d + 2), middle - from));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && best[middle + k - 1]! < best[middle + k + 1]!);
      let x = down ? best[middle + k + 1]! : best[middle + k - 1]! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      best[middle + k] = x;
      if (x >= a.length && x - k >= b.length) return trail;
    }
  }
  return null;
}
