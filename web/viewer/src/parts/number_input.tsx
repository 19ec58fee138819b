// A small field for a number that is taken over with Enter or when the field is left.
import {useState} from "preact/hooks";

export function NumberInput({value, label, placeholder, onCommit}: {value: string; label: string; placeholder?: string; onCommit: (value: number) => void}) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed !== null && /^\d+$/.test(typed.trim())) onCommit(Number(typed));
    setTyped(null);
  };
  return (
    <input inputMode="numeric" aria-label={label} placeholder={placeholder} value={typed ?? value} onInput={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => { if (event.key === "Enter") commit(); else if (event.key === "Escape") setTyped(null); }} onBlur={commit} />
  );
}
