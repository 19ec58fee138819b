// A JSON document as a tree: folded where it is large, searched, with path and value of each node to copy.
import {useMemo, useState} from "preact/hooks";
import {CopyButton} from "../parts/basics.tsx";
import {bytesText, plural} from "../format.ts";
import {BigNumber, childPath, isObject, parseValue, valueText} from "./value.ts";
import type {Value} from "./value.ts";

const open_depth = 3;
const open_children = 30;
const shown_children = 100;
const longest_text = 2000;

export function JsonView({text, label}: {text: string; label: string}) {
  const parsed = useMemo(() => parseValue(text), [text]);
  const [search, setSearch] = useState("");
  const [raw, setRaw] = useState(false);
  if ("error" in parsed) {
    return <div class="json"><pre class="code" tabIndex={0} role="region" aria-label={label}>{text === "" ? "(empty)" : text}</pre></div>;
  }
  const {value} = parsed;
  const large = text.length > 400;
  return (
    <div class="json">
      <div class="json-head">
        {(large || search) && <input type="search" class="small" placeholder="Search" aria-label={`Search in ${label}`} value={search}
          onInput={(event) => setSearch(event.currentTarget.value)} />}
        <span class="count">{bytesText(new TextEncoder().encode(text).length)}</span>
        <button type="button" class="quiet small" aria-pressed={raw} onClick={() => setRaw(!raw)}>Text</button>
        <CopyButton text={text} title={`Copy ${label}`} />
      </div>
      {raw
        ? <pre class="code" tabIndex={0} role="region" aria-label={label}>{valueText(value)}</pre>
        : <div class="tree" tabIndex={0} role="region" aria-label={label}><Node name={null} value={value} path="$" depth={0} search={search.toLowerCase()} /></div>}
    </div>
  );
}

function matches(value: Value, name: string | number | null, search: string): boolean {
  if (name !== null && String(name).toLowerCase().includes(search)) return true;
  if (value instanceof BigNumber) return value.digits.includes(search);
  if (Array.isArray(value)) return value.some((item) => matches(item, null, search));
  if (isObject(value)) return Object.entries(value).some(([key, item]) => matches(item, key, search));
  return String(value).toLowerCase().includes(search);
}

function Node({name, value, path, depth, search}: {
  name: string | number | null; value: Value; path: string; depth: number; search: string;
}) {
  const entries: [string | number, Value][] | null = Array.isArray(value) ? value.map((item, i) => [i, item])
    : isObject(value) ? Object.entries(value) : null;
  const [opened, setOpened] = useState<boolean | null>(null);
  const [limit, setLimit] = useState(shown_children);
  const label = name === null ? null : <><span class="json-name"><Marked text={String(name)} search={search} /></span><span class="json-sign">: </span></>;
  const tools = (
    <span class="json-tools">
      <CopyButton text={path} label="path" title={`Copy path ${path}`} />
      <CopyButton text={() => (typeof value === "string" ? value : valueText(value))} label="value" title={`Copy value of ${path}`} />
    </span>
  );
  if (entries === null) {
    return <div class="json-node leaf">{label}<Scalar value={value} search={search} />{tools}</div>;
  }
  const [open_sign, close_sign] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <div class="json-node leaf">{label}<span class="json-sign">{open_sign}{close_sign}</span>{tools}</div>;
  const shown = search === "" ? entries : entries.filter(([key, item]) => matches(item, key, search));
  const open = opened ?? (search !== "" || (depth < open_depth && entries.length <= open_children));
  return (
    <div class="json-node">
      <button type="button" class="json-fold" aria-expanded={open} aria-label={`${open ? "Fold" : "Open"} ${path}`} onClick={() => setOpened(!open)} />
      {label}<span class="json-sign">{open_sign}</span>
      {!open && <><span class="json-more">{plural(entries.length, Array.isArray(value) ? "item" : "member")}</span><span class="json-sign">{close_sign}</span></>}
      {tools}
      {open && (
        <>
          <div class="json-children">
            {shown.slice(0, limit).map(([key, item]) => (
              <Node key={key} name={key} value={item} path={childPath(path, key)} depth={depth + 1} search={search} />
            ))}
            {shown.length > limit && (
              <button type="button" class="quiet small" onClick={() => setLimit(limit * 5)}>{`${shown.length - limit} more…`}</button>
            )}
          </div>
          <span class="json-sign">{close_sign}</span>
        </>
      )}
    </div>
  );
}

function Marked({text, search}: {text: string; search: string}) {
  const at = search === "" ? -1 : text.toLowerCase().indexOf(search);
  if (at < 0) return <>{text}</>;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + search.length)}</mark>{text.slice(at + search.length)}</>;
}

function Scalar({value, search}: {value: Value; search: string}) {
  const [whole, setWhole] = useState(false);
  if (value instanceof BigNumber) return <span class="json-number">{value.digits}</span>;
  if (typeof value === "string") {
    const text = JSON.stringify(value);
    const short = !whole && text.length > longest_text;
    return (
      <span class="json-string">
        <Marked text={short ? `${text.slice(0, longest_text)}…` : text} search={search} />
        {short && <button type="button" class="quiet small" onClick={() => setWhole(true)}>{plural(text.length, "character")}, show all</button>}
      </span>
    );
  }
  return <span class={typeof value === "number" ? "json-number" : "json-word"}><Marked text={String(value)} search={search} /></span>;
}
