// Colours for JSON, a line at a time: a JSON string never goes over a line's end.
export interface Token {
  kind: "name" | "string" | "number" | "word" | "sign" | "plain";
  text: string;
}

const pattern = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b|([{}[\],:])/g;

export function tokensOf(line: string): Token[] {
  if (line.length > 5000) return [{kind: "plain", text: line}];
  const tokens: Token[] = [];
  let at = 0;
  for (const found of line.matchAll(pattern)) {
    if (found.index > at) tokens.push({kind: "plain", text: line.slice(at, found.index)});
    at = found.index + found[0].length;
    if (found[1] !== undefined) {
      tokens.push({kind: found[2] !== undefined ? "name" : "string", text: found[1]});
      if (found[2] !== undefined) tokens.push({kind: "sign", text: found[2]});
    } else {
      tokens.push({kind: found[3] !== undefined ? "number" : found[4] !== undefined ? "word" : "sign", text: found[0]});
    }
  }
  if (at < line.length) tokens.push({kind: "plain", text: line.slice(at)});
  return tokens;
}
