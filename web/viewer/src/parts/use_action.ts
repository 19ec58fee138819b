// What a dialog's form does when it is sent: once at a time, and what went wrong is shown.
import {useState} from "preact/hooks";

export function useAction(act: () => Promise<unknown>, done: () => void) {
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await act();
      done();
    } catch (thrown) {
      setError(thrown as Error);
      setBusy(false);
    }
  };
  return {error, busy, run};
}
