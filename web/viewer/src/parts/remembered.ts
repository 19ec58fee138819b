// The last inputs of each state machine, kept in this browser alone.
export interface Remembered {
  input: string;
  at: number;
}

const kept = 8;
const longest = 100_000;  // characters
const keyOf = (machine: string): string => `pawl.inputs.${machine}`;

export function lastInputs(machine: string): Remembered[] {
  try {
    const held = JSON.parse(localStorage.getItem(keyOf(machine)) ?? "[]") as unknown;
    if (!Array.isArray(held)) return [];
    return (held as Remembered[]).filter((each) => typeof each?.input === "string" && typeof each.at === "number");
  } catch {
    return [];  // no storage here, or something else's
  }
}

export function rememberInput(machine: string, input: string): void {
  if (input.length > longest) return;
  const others = lastInputs(machine).filter((each) => each.input !== input);
  try {
    localStorage.setItem(keyOf(machine), JSON.stringify([{input, at: Date.now()}, ...others].slice(0, kept)));
  } catch {
    // full, or forbidden: then nothing is remembered
  }
}
