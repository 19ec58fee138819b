// What a laid out graph is made of: absolute positions, ready to be drawn. Plain data, since a worker sends it.

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  id: string;
  kind: "state" | "group" | "branch" | "start" | "end";
  state: string;  // of a state or a group: its name; else empty
  title: string;  // shortened to fit
  subtitle: string;
  type: string;
  x: number;  // left
  y: number;  // top
  width: number;
  height: number;
  depth: number;  // how many groups it lies in
}

export interface Line {
  id: string;
  from: string;  // a state's name, or "" for the start of a block
  to: string;  // a state's name, or "" for the end
  block: string;
  kind: "next" | "choice" | "default" | "catch" | "start" | "end";
  label: string;
  fullLabel: string;
  points: Point[];
  labelAt: Point | null;
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

// Width of a text in a sans-serif font, guessed for a wide one (DejaVu): a worker has no fonts. East Asian letters are
// as wide as high.
export function textWidth(text: string, size: number): number {
  let units = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code >= 0x1100) units += 1.05;
    else if ("iljtfrI.,:;'|!()[] ".includes(letter)) units += 0.4;
    else if ("mwMW@%".includes(letter)) units += 1.02;
    else if (letter >= "A" && letter <= "Z") units += 0.76;
    else units += 0.66;
  }
  return units * size;
}

export function shortened(text: string, size: number, room: number): string {
  const plain = text.replace(/\s+/gu, " ");
  if (textWidth(plain, size) <= room) return plain;
  let kept = "";
  for (const letter of plain) {
    if (textWidth(kept + letter + "…", size) > room) break;
    kept += letter;
  }
  return kept.trimEnd() + "…";
}
