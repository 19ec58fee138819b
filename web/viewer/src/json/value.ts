// JSON texts as values for looking at: numbers that a double can not hold keep their digits.
export class BigNumber {
  constructor(readonly digits: string) {}
}
export type Value = null | boolean | number | string | BigNumber | Value[] | {[name: string]: Value};

export function parseValue(text: string): {value: Value} | {error: string} {
  try {
    const keep = (_name: string, value: unknown, context?: {source?: string}): unknown => {
      const source = context?.source;
      return typeof value === "number" && source !== undefined && !Number.isSafeInteger(value) && /^-?\d{16,}$/.test(source)
        ? new BigNumber(source) : value;
    };
    return {value: JSON.parse(text, keep as (this: unknown, key: string, value: unknown) => unknown) as Value};
  } catch (error) {
    return {error: error instanceof Error ? error.message : String(error)};
  }
}

export const isObject = (value: Value): value is {[name: string]: Value} =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof BigNumber);

export function valueText(value: Value, indent = 2, depth = 0): string {
  if (value instanceof BigNumber) return value.digits;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((item) => valueText(item, indent, depth + 1))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${valueText(item, indent, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return open! + close!;
  const pad = " ".repeat(indent * (depth + 1));
  return `${open}\n${pad}${entries.join(`,\n${pad}`)}\n${" ".repeat(indent * depth)}${close}`;
}

// Indented when it is JSON, as it is when not.
export function prettyText(text: string): string {
  const parsed = parseValue(text);
  return "value" in parsed ? valueText(parsed.value) : text;
}

// "$.order.items[0]['strange name']", as JSONPath.
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}['${key.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
}
