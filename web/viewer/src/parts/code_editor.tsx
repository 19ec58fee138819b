// JSON with colours, line numbers and marks at lines that have something to say. The text lies in a textarea, so that
// selecting, searching, undoing and screen readers work as everywhere; the colours lie under it, and only for the
// lines that can be seen.
import {useEffect, useLayoutEffect, useMemo, useRef, useState} from "preact/hooks";
import type {Diagnostic} from "../api/types.ts";
import {tokensOf} from "../json/tokens.ts";

const line_height = 20;

interface Properties {
  text: string;
  onChange?: (text: string) => void;  // absent: to be read only
  label: string;
  diagnostics?: Diagnostic[];
  goTo?: {line: number; again: number} | null;
  invalid?: boolean;
  describedBy?: string;
  minLines?: number;
  maxLines?: number;
}

export function CodeEditor({text, onChange, label, diagnostics = [], goTo, invalid, describedBy, minLines = 6, maxLines}: Properties) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [view, setView] = useState({top: 0, left: 0, height: 400});
  const lines = useMemo(() => text.split("\n"), [text]);
  const marks = useMemo(() => {
    const byLine = new Map<number, Diagnostic[]>();
    for (const diagnostic of diagnostics) byLine.set(diagnostic.line, [...(byLine.get(diagnostic.line) ?? []), diagnostic]);
    return byLine;
  }, [diagnostics]);
  const measure = () => {
    const box = area.current;
    if (box) setView({top: box.scrollTop, left: box.scrollLeft, height: box.clientHeight});
  };
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const box = area.current;
    if (!box || !goTo) return;
    const from = lines.slice(0, goTo.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    box.focus();
    box.setSelectionRange(from, from + (lines[goTo.line - 1]?.length ?? 0));
    box.scrollTop = Math.max(0, (goTo.line - 4) * line_height);
    measure();
  }, [goTo]);

  const first = Math.max(0, Math.floor(view.top / line_height) - 4);
  const last = Math.min(lines.length, Math.ceil((view.top + view.height) / line_height) + 4);
  const gutter = `${Math.max(2, String(lines.length).length) + 3}ch`;
  const shown = Math.max(minLines, Math.min(lines.length + 1, maxLines ?? Infinity));
  const style = maxLines === undefined ? {} : {height: `${shown * line_height + 18}px`};
  const rows = [];
  for (let i = first; i < last; i++) {
    const found = marks.get(i + 1);
    const worst = found?.some((d) => d.severity === "ERROR") ? "error" : found ? "warning" : "";
    rows.push(
      <div key={i} class={`code-line ${worst}`} title={found?.map((d) => d.message).join("\n")}>
        {tokensOf(lines[i]!).map((token, k) => <span key={k} class={`token-${token.kind}`}>{token.text}</span>)}{"\n"}
      </div>,
    );
  }
  const numbers = [];
  for (let i = first; i < last; i++) numbers.push(<div key={i} class={marks.has(i + 1) ? "marked" : ""}>{i + 1}</div>);
  const shift = `translate(${-view.left}px, ${first * line_height - view.top}px)`;
  return (
    <div class={`editor${onChange ? "" : " readonly"}${invalid ? " invalid" : ""}`} style={style}>
      <div class="editor-gutter" style={{width: gutter}} aria-hidden="true"><div style={{transform: `translateY(${first * line_height - view.top}px)`}}>{numbers}</div></div>
      <div class="editor-room">
        <pre class="editor-colours" aria-hidden="true"><div style={{transform: shift}}>{rows}</div></pre>
        <textarea ref={area} class="editor-text" value={text} readOnly={!onChange} spellcheck={false} autocomplete="off" autocapitalize="off" wrap="off"
          aria-label={label} aria-invalid={invalid ? "true" : undefined} aria-describedby={describedBy}
          onInput={(event) => onChange?.(event.currentTarget.value)} onScroll={measure}
          onKeyDown={(event) => { if (onChange) indent(event, onChange); }} />
      </div>
    </div>
  );
}

// Enter keeps the indentation. Tab stays what it is: the way to the next control.
function indent(event: KeyboardEvent, onChange: (text: string) => void): void {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const box = event.currentTarget as HTMLTextAreaElement;
  const before = box.value.slice(0, box.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const space = (/^\s*/.exec(line)?.[0] ?? "") + (/[[{]\s*$/.test(line) ? "  " : "");
  event.preventDefault();
  box.setRangeText(`\n${space}`, box.selectionStart, box.selectionEnd, "end");
  onChange(box.value);
}

export function Diagnostics({diagnostics, onGo}: {diagnostics: Diagnostic[]; onGo?: (line: number) => void}) {
  return (
    <ul class="diagnostics">
      {diagnostics.map((diagnostic, i) => (
        <li key={i} class={diagnostic.severity === "ERROR" ? "error" : "warning"}>
          <button type="button" class="quiet small" disabled={!onGo} onClick={() => onGo?.(diagnostic.line)}>{diagnostic.line}:{diagnostic.column}</button>
          <div><span class="severity">{diagnostic.severity === "ERROR" ? "Error" : "Warning"}</span> <code>{diagnostic.code}</code> {diagnostic.message}
            {diagnostic.hint && <p class="hint">{diagnostic.hint}</p>}</div>
        </li>
      ))}
    </ul>
  );
}
