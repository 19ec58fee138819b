// The rows of a timeline: visits in the order they began, under the branch or iteration they belong to.
import type {Trace} from "../trace/trace.ts";
import type {Scope, Visit} from "../trace/visit.ts";

export interface VisitRow {
  kind: "visit";
  key: string;
  depth: number;
  visit: Visit;
  folds: boolean;
  open: boolean;
}
export interface ScopeRow {
  kind: "scope";
  key: string;
  depth: number;
  scope: Scope;
  open: boolean;
}
export type Row = VisitRow | ScopeRow;

const unfolded_iterations = 5;

const visitKey = (visit: Visit): string => `v${visit.id}`;
const scopeKey = (scope: Scope): string => `s${scope.id}`;

// Whether something is open unless somebody said otherwise: few iterations are, many are not.
function openByDefault(scope: Scope): boolean {
  return scope.kind === "branch" || (scope.owner?.children.length ?? 0) <= unfolded_iterations;
}

export function timelineRows(trace: Trace, toggled: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const addScope = (scope: Scope, depth: number): void => {
    for (const visit of scope.visits) {
      const key = visitKey(visit);
      const folds = visit.children.length > 0;
      const open = folds && !toggled.has(key);
      rows.push({kind: "visit", key, depth, visit, folds, open});
      if (!open) continue;
      for (const child of visit.children) {
        const child_key = scopeKey(child);
        const child_open = openByDefault(child) !== toggled.has(child_key);
        rows.push({kind: "scope", key: child_key, depth: depth + 1, scope: child, open: child_open});
        if (child_open) addScope(child, depth + 2);
      }
    }
  };
  addScope(trace.root, 0);
  return rows;
}

// Round distances for an axis: about `wanted` marks over `span` milliseconds.
export function tickStep(span: number, wanted: number): number {
  const rough = span / wanted;
  const units = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000];
  return units.find((unit) => unit >= rough) ?? Math.ceil(rough / 86_400_000) * 86_400_000;
}
