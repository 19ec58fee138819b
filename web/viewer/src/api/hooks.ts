// Loading as components see it: once, or again and again while somebody looks.
import {useCallback, useEffect, useRef, useState} from "preact/hooks";
import {isAbort} from "./client.ts";

export interface Loaded<T> {
  data: T | null;
  error: Error | null;
  reload: () => void;
}

const quiet_ms = 2000;
const patient_ms = 30000;

// Loads when `key` changes, and every two seconds when `live`, less often while it fails. Old data stays until new
// data is there, unless the key changed.
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, live = false): Loaded<T> {
  const [state, setState] = useState<{key: string; data: T | null; error: Error | null}>({key, data: null, error: null});
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    const go = async (): Promise<void> => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") {
        try {
          const data = await latest.current(abort.signal);
          failures = 0;
          if (!abort.signal.aborted) setState({key, data, error: null});
        } catch (error) {
          if (abort.signal.aborted || isAbort(error)) return;
          failures++;
          setState((old) => ({key, data: old.key === key ? old.data : null, error: error as Error}));
        }
      }
      if (live && !abort.signal.aborted) timer = setTimeout(go, Math.min(quiet_ms * 2 ** failures, patient_ms));
    };
    const onVisible = () => { if (live && document.visibilityState === "visible") void go(); };
    document.addEventListener("visibilitychange", onVisible);
    void go();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [key, live, round]);

  const reload = useCallback(() => setRound((n) => n + 1), []);
  const fresh = state.key === key;
  return {data: fresh ? state.data : null, error: fresh ? state.error : null, reload};
}

// The time, again every `every_ms` while `running`.
export function useNow(running: boolean, every_ms = 250): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => { if (document.visibilityState === "visible") setNow(Date.now()); }, every_ms);
    return () => clearInterval(timer);
  }, [running, every_ms]);
  return running ? Math.max(now, Date.now()) : now;
}
