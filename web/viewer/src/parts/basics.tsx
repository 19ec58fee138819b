// Small parts that every page is made of.
import type {ComponentChildren, JSX} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import {ApiError} from "../api/client.ts";
import {statusName, statusTone, visitName} from "../format.ts";
import type {VisitStatus} from "../trace/visit.ts";

export function StatusPill({status}: {status: string}) {
  return <span class={`pill ${statusTone(status)}`}>{statusName(status)}</span>;
}

export function VisitPill({status}: {status: VisitStatus}) {
  return <span class={`pill ${status}`}>{visitName(status)}</span>;
}

export function CopyButton({text, label = "Copy", title}: {text: string | (() => string); label?: string; title?: string}) {
  const [done, setDone] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setDone("Copied");
    } catch {
      setDone("Not allowed");
    }
    setTimeout(() => setDone(""), 1500);
  };
  return <button type="button" class="quiet small" onClick={copy} title={title} aria-label={title ?? label} aria-live="polite">{done || label}</button>;
}

// `back`: a link to where there is more, for pages of one thing.
export function ErrorBox({error, retry, back}: {error: Error; retry?: () => void; back?: ComponentChildren}) {
  const offline = error instanceof ApiError && error.status === 0;
  const diagnostics = error instanceof ApiError ? error.problem?.diagnostics ?? [] : [];
  return (
    <div class="notice bad" role="alert">
      <strong>{offline ? "No connection" : "That did not work"}</strong>
      <p>{error.message}{offline && " This page tries again by itself."}</p>
      {diagnostics.length > 0 && <ul>{diagnostics.map((d, i) => <li key={i}>{d.line}:{d.column} {d.message}</li>)}</ul>}
      {back && <p>{back}</p>}
      {retry && <button type="button" class="button small" onClick={retry}>Try again</button>}
    </div>
  );
}

export function Loading({what = "Loading"}: {what?: string}) {
  return <p class="loading" role="status">{what}…</p>;
}

export function Empty({title, children}: {title: string; children?: ComponentChildren}) {
  return <div class="empty"><h2>{title}</h2>{children}</div>;
}

export function PageHead({title, crumbs, children, actions}: {
  title: string; crumbs?: ComponentChildren; children?: ComponentChildren; actions?: ComponentChildren;
}) {
  return (
    <header class="head">
      <div class="head-text">
        {crumbs && <nav class="crumbs" aria-label="Breadcrumb">{crumbs}</nav>}
        <h1>{title}</h1>
        {children}
      </div>
      {actions && <div class="actions">{actions}</div>}
    </header>
  );
}

export interface TabChoice {
  id: string;
  label: string;
  href: string;
  note?: string;
}

export function Tabs({tabs, chosen, label}: {tabs: TabChoice[]; chosen: string; label: string}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.id} href={tab.href} aria-current={tab.id === chosen ? "page" : undefined}>
          {tab.label}{tab.note && <span class="note">{tab.note}</span>}
        </a>
      ))}
    </nav>
  );
}

export function Dialog({title, onClose, children, wide = false}: {
  title: string; onClose: () => void; children: ComponentChildren; wide?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={element} class={wide ? "wide" : ""} aria-label={title} onCancel={(event) => { event.preventDefault(); onClose(); }}
      onClick={(event) => { if (event.target === element.current) onClose(); }}>
      <div class="dialog-body">
        <div class="dialog-head"><h2>{title}</h2><button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>×</button></div>
        {children}
      </div>
    </dialog>
  );
}

// The AWS CLI's way of doing the same.
export function CliCommand({command}: {command: string}) {
  return (
    <div class="cli">
      <div class="cli-head"><span>The same with the AWS CLI</span><CopyButton text={command} title="Copy the command" /></div>
      <pre class="code" tabIndex={0} role="region" aria-label="AWS CLI command">{command}</pre>
    </div>
  );
}

export function Field({label, hint, children}: {label: string; hint?: string; children: ComponentChildren}) {
  return <label class="field"><span>{label}</span>{children}{hint && <small>{hint}</small>}</label>;
}

// Keeps its value while it is typed and reports it when typing pauses.
export function SearchInput({value, onChange, label, placeholder, ...rest}: {
  value: string; onChange: (value: string) => void; label: string; placeholder?: string;
} & Omit<JSX.HTMLAttributes<HTMLInputElement>, "onChange" | "value" | "label">) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setText(sent.current = value);  // the address changed: the back button
  }, [value]);
  const say = (next: string) => { sent.current = next; onChange(next); };
  return (
    <input {...rest} type="search" aria-label={label} placeholder={placeholder ?? label} value={text} spellcheck={false} autocomplete="off"
      onInput={(event) => {
        const next = event.currentTarget.value;
        setText(next);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => say(next), 250);
      }}
      onKeyDown={(event) => { if (event.key === "Enter") { clearTimeout(timer.current); say(event.currentTarget.value); } }} />
  );
}
